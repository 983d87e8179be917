#pragma once

namespace muster::bench {

/// From now on this process and its children have a network of their own, with nothing but a
/// loopback device, and a resolv.conf that names 127.0.0.1: that is how a hub is pointed at a name
/// server of ours. Without root it takes user namespaces; throws std::runtime_error where the
/// system does not let us. Before any thread.
void enter_own_network();

}  // namespace muster::bench
