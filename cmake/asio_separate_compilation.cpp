// The one unit that compiles the non-template parts of Boost.Asio and Boost.Beast (target
// muster::asio). The macros that move them here are on that target, for everyone who links it.

#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
