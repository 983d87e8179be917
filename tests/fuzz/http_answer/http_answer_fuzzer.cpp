// Whatever a server sends: the parser ends or waits for more, keeps its bounds, hands on only
// pieces of its input, and reads the same in pieces as in one.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <muster/http/answer_parser.hpp>

namespace {

struct Read {
    bool failed{false};
    bool ended{false};
    std::uint16_t status{0};
    std::string body;
    std::size_t used{0};
    bool may_keep{false};

    bool operator==(Read const&) const = default;
};

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

Read read(std::string_view text, std::size_t piece) {
    muster::AnswerParser parser;
    parser.reset();
    Read read;
    for (std::size_t at = 0; at < text.size() && !parser.ended(); at += piece) {
        auto input = text.substr(at, piece);
        while (!input.empty() && !parser.ended()) {
            auto const fed = parser.feed(input);
            require(fed.used <= input.size());
            require(fed.body.size() <= fed.used);
            require(fed.body.empty() ||
                    (fed.body.data() >= input.data() &&
                     fed.body.data() + fed.body.size() <= input.data() + input.size()));
            require(fed.used > 0 || parser.ended());
            read.body.append(fed.body);
            read.used += fed.used;
            input.remove_prefix(fed.used);
        }
    }
    read.ended = parser.ended() || parser.close();
    read.failed = parser.failed();
    require(!read.failed || !parser.error().empty());
    if (read.failed) {
        return {.failed = true, .ended = true};  // how far it came depends on the pieces
    }
    read.status = parser.head().status;
    read.may_keep = parser.may_keep_connection();
    return read;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    std::string_view const text(reinterpret_cast<char const*>(data) + 1, size - 1);
    auto const whole = read(text, std::max<std::size_t>(text.size(), 1));
    require(read(text, 1) == whole);
    require(read(text, 1U + data[0] % 61U) == whole);
    return 0;
}
