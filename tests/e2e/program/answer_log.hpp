#pragma once

namespace httplib {
class Client;
}

namespace muster::e2e {

/// Writes what the client is answered to where tests/e2e/openapi/answers.py looks for it, to be
/// held against the description of the API. Nothing is written while that folder is not there.
void log_answers(httplib::Client& client);

}  // namespace muster::e2e
