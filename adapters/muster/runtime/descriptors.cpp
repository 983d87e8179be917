#include <muster/runtime/descriptors.hpp>

#include <sys/resource.h>

namespace muster {
namespace {

/// Of a system that sets no limit; also what Linux gives at most unless told otherwise.
constexpr std::size_t kUnlimited = 1'048'576;

}  // namespace

void take_all_descriptors() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {  // more than fs.nr_open
            limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, kUnlimited);
            limit.rlim_max = limit.rlim_cur;
            (void)::setrlimit(RLIMIT_NOFILE, &limit);  // where it may not: what there was
        }
    }
}

std::size_t descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
        return kUnlimited;
    }
    return std::min(static_cast<std::size_t>(limit.rlim_cur), kUnlimited);
}

}  // namespace muster
