#pragma once

#include <string>

#include <muster/base/result.hpp>

namespace muster {

/// Where this machine's trusted authorities are: the file or folder of certificates that OpenSSL
/// reads where no other is named (SSL_CERT_FILE and SSL_CERT_DIR say which). Blocks.
/// Errors: unavailable, where neither holds any.
[[nodiscard]] Result<std::string> system_authorities();

}  // namespace muster
