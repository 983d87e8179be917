#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include <muster/http/answer_parser.hpp>

namespace muster {

/// An answer read to its end, as far as it got.
struct ReadAnswer {
    bool ended{false};
    bool failed{false};
    bool may_keep{false};
    std::uint16_t status{0};
    bool is_json{false};
    std::string body;
    std::string rest;  ///< Bytes behind the end.
    std::string error;
};

/// Feeds `text` in pieces of `piece` bytes, then closes if `closes`.
inline ReadAnswer read_answer(std::string_view text, std::size_t piece, bool closes = true) {
    AnswerParser parser;
    parser.reset();
    ReadAnswer read;
    std::size_t fed_up_to = 0;
    while (fed_up_to < text.size() && !parser.ended()) {
        auto input = text.substr(fed_up_to, piece);
        while (!input.empty() && !parser.ended()) {
            auto const fed = parser.feed(input);
            read.body.append(fed.body);
            input.remove_prefix(fed.used);
            fed_up_to += fed.used;
        }
    }
    if (!parser.ended() && closes && !parser.close()) {
        read.error = "closed";
    }
    read.rest = text.substr(fed_up_to);
    read.ended = parser.ended();
    read.failed = parser.failed();
    if (parser.failed()) {
        read.error = parser.error();
    } else {
        read.status = parser.head().status;
        read.is_json = parser.head().is_json;
        read.may_keep = parser.may_keep_connection();
    }
    return read;
}

inline ReadAnswer read_answer(std::string_view text) {
    return read_answer(text, std::max<std::size_t>(text.size(), 1));
}

}  // namespace muster
