#include <muster/domain/ownership.hpp>

namespace muster {

Error owned_by_file(std::string const& name) {
    return {Errc::conflict,
            name + " is owned by the configuration file: change it there and reload"};
}

}  // namespace muster
