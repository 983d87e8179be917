#include <muster/config/known_secrets.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <muster/config/values.hpp>
#include <muster/domain/http_header_rules.hpp>
#include <muster/domain/masked_url.hpp>
#include <muster/domain/secret_names.hpp>

namespace muster::config {
namespace {

bool is_mask(YamlNode value) {
    return value.kind() == NodeKind::scalar && value.text() == kSecretMask;
}

bool same_origin(Url const& left, Url const& right) {
    return left.scheme == right.scheme && left.host == right.host && left.port == right.port;
}

std::vector<Url> urls_of(HttpProbeSpec const& spec) {
    std::vector<Url> urls{spec.url};
    urls.insert(urls.end(), spec.more_urls.begin(), spec.more_urls.end());
    return urls;
}

/// Adds what the reader of conditions takes for this value.
struct ScalarWriter {
    YamlNode at;
    YamlTree& to;

    void operator()(std::monostate) const { to.add_nothing(at.line(), at.column()); }
    void operator()(bool flag) const { plain(flag ? "true" : "false"); }
    void operator()(double number) const {
        std::array<char, 32> digits{};
        auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
        plain({digits.data(), static_cast<std::size_t>(end - digits.data())});
    }
    void operator()(std::string const& text) const {
        to.add_scalar(at.line(), at.column(), text, false);
    }
    void plain(std::string_view word) const { to.add_scalar(at.line(), at.column(), word, true); }
};

/// The field of a condition, and its test if that is one that holds a value.
struct Tested {
    std::string_view field;
    std::optional<JsonTest> test;

    bool operator==(Tested const&) const = default;
};

Tested tested_by(YamlNode condition) {
    Tested tested;
    if (condition.kind() != NodeKind::map) {
        return tested;
    }
    for (auto at = condition.begin(); at != condition.end(); ++at) {
        auto const key = *at;
        auto const value = *++at;
        auto const test = parse_enum<JsonTest>(key.text());
        if (key.text() == "field") {
            tested.field = value.text();
        } else if (test && *test != JsonTest::exists) {
            tested.test = test;
        }
    }
    return tested;
}

class ProbeCopy {
public:
    ProbeCopy(Reading& reading, HttpProbeSpec const* known, YamlTree& to)
        : reading_(reading), known_(known), to_(to) {
        if (known != nullptr) {
            known_urls_ = urls_of(*known);
        }
    }

    void add(YamlNode probe) {
        find_targets(probe);
        each(probe, [this](std::string_view key, YamlNode value) {
            if (key == "http") {
                add_items(value, [this](YamlNode url, std::size_t place) { add_url(url, place); });
            } else if (key == "headers") {
                each(value, [this](std::string_view name, YamlNode header) {
                    add_text(header, name, known_header(name));
                });
            } else if (key == "body") {
                bool const there = known_ != nullptr && !known_->body.empty();
                add_text(value, key, there ? &known_->body : nullptr);
            } else if (key == "expect") {
                add_expectation(value);
            } else {
                copy(value, to_);
            }
        });
    }

private:
    /// Copies a map; what goes behind each key is the caller's to add. What is no map is copied.
    template <class Add>
    void each(YamlNode map, Add add_value) {
        if (map.kind() != NodeKind::map) {
            copy(map, to_);
            return;
        }
        to_.open(NodeKind::map, map.line(), map.column());
        for (auto at = map.begin(); at != map.end(); ++at) {
            auto const key = *at;
            copy(key, to_);
            add_value(key.text(), *++at);
        }
        to_.close();
    }

    /// The items of a list, or a single one.
    template <class Add>
    void add_items(YamlNode value, Add add_item) {
        if (value.kind() != NodeKind::list) {
            add_item(value, 0);
            return;
        }
        to_.open(NodeKind::list, value.line(), value.column());
        std::size_t place = 0;
        for (auto const item : value) {
            add_item(item, place++);
        }
        to_.close();
    }

    /// Whether the TLS options are those that were there, or none that differ from the default:
    /// what was sent to a verified server must not go to one that is not.
    [[nodiscard]] bool verifies_as_before(YamlNode tls) const {
        if (tls.kind() != NodeKind::map) {
            return true;
        }
        for (auto at = tls.begin(); at != tls.end(); ++at) {
            auto const key = *at;
            auto const value = *++at;
            bool const verified = value.text() == "true";
            bool const same = key.text() == "verify"       ? verified || !known_->tls.verify
                              : key.text() == "serverName" ? value.text() == known_->tls.server_name
                                                           : value.text() == known_->tls.ca_file;
            if (!same) {
                return false;
            }
        }
        return true;
    }

    /// Whether all that is asked now was asked before, and of servers that are as sure.
    void find_targets(YamlNode probe) {
        stays_ = known_ != nullptr;
        auto const look = [this](YamlNode value) {
            auto const url = parse_url(value.text());
            stays_ = stays_ && url &&
                     std::any_of(known_urls_.begin(), known_urls_.end(),
                                 [&url](Url const& known) { return same_origin(*url, known); });
        };
        if (probe.kind() != NodeKind::map) {
            return;
        }
        for (auto at = probe.begin(); at != probe.end(); ++at) {
            auto const key = *at;
            auto const value = *++at;
            if (key.text() == "tls") {
                stays_ = stays_ && verifies_as_before(value);
            }
            if (key.text() != "http") {
                continue;
            }
            if (value.kind() != NodeKind::list) {
                look(value);
                continue;
            }
            for (auto const item : value) {
                look(item);
            }
        }
    }

    void add_url(YamlNode value, std::size_t place) {
        auto const url = parse_url(value.text());
        if (value.kind() != NodeKind::scalar || !url || !has_mask(*url)) {
            copy(value, to_);
            return;
        }
        auto const* known = stays_ ? url_shown_as(*url, place) : nullptr;
        auto const whole = known != nullptr ? unmasked(*url, *known) : std::nullopt;
        if (!whole) {
            refuse(value, "http");
        }
        to_.add_scalar(value.line(), value.column(), whole ? secret_text(*whole) : "http://host/",
                       false);
    }

    /// The known URL of which this one tells: the one in its place, the one that reads the same,
    /// the only one of its host. Null: there is no telling.
    [[nodiscard]] Url const* url_shown_as(Url const& url, std::size_t place) const {
        auto const reads_so = [text = masked_text(url)](Url const& known) {
            return masked_text(known) == text;
        };
        if (place < known_urls_.size() && reads_so(known_urls_[place])) {
            return &known_urls_[place];
        }
        auto const same = std::find_if(known_urls_.begin(), known_urls_.end(), reads_so);
        if (same != known_urls_.end()) {
            return &*same;
        }
        auto const of_host = [&url](Url const& known) { return same_origin(url, known); };
        auto const only = std::find_if(known_urls_.begin(), known_urls_.end(), of_host);
        bool const several = std::count_if(known_urls_.begin(), known_urls_.end(), of_host) > 1;
        return only == known_urls_.end() || several ? nullptr : &*only;
    }

    [[nodiscard]] std::string const* known_header(std::string_view name) const {
        if (known_ == nullptr) {
            return nullptr;
        }
        auto const same = std::find_if(
            known_->headers.begin(), known_->headers.end(),
            [name](HttpHeader const& header) { return same_header_name(header.name, name); });
        return same == known_->headers.end() ? nullptr : &same->value;
    }

    void add_text(YamlNode value, std::string_view what, std::string const* known) {
        if (!is_mask(value)) {
            copy(value, to_);
            return;
        }
        bool const taken = stays_ && known != nullptr;
        if (!taken) {
            refuse(value, what);
        }
        to_.add_scalar(value.line(), value.column(), taken ? std::string_view(*known) : "x", false);
    }

    void add_expectation(YamlNode expect) {
        each(expect, [this](std::string_view key, YamlNode value) {
            if (key != "json") {
                copy(value, to_);
                return;
            }
            std::vector<Tested> all;
            if (value.kind() == NodeKind::list) {
                for (auto const item : value) {
                    all.push_back(tested_by(item));
                }
            } else {
                all.push_back(tested_by(value));
            }
            add_items(value, [this, &all](YamlNode condition, std::size_t place) {
                add_condition(condition, all, place);
            });
        });
    }

    void add_condition(YamlNode condition, std::vector<Tested> const& all, std::size_t place) {
        auto const& tested = all[place];
        each(condition, [&](std::string_view key, YamlNode value) {
            bool const secret =
                is_mask(value) && names_a_secret(tested.field) &&
                parse_enum<JsonTest>(key).value_or(JsonTest::exists) != JsonTest::exists;
            if (!secret) {
                copy(value, to_);
                return;
            }
            auto const* known = stays_ ? known_value(all, place) : nullptr;
            if (known == nullptr) {
                refuse(value, key);
            }
            std::visit(ScalarWriter{value, to_}, known != nullptr ? *known : JsonScalar(0.0));
        });
    }

    /// Of several conditions that test the same field in the same way, the one in the same place
    /// among them.
    [[nodiscard]] JsonScalar const* known_value(std::vector<Tested> const& all,
                                                std::size_t place) const {
        std::vector<JsonScalar const*> values;
        for (auto const& condition : known_->expect.json) {
            if (Tested{condition.field, condition.test} == all[place]) {
                values.push_back(&condition.value);
            }
        }
        auto const here = all.begin() + static_cast<std::ptrdiff_t>(place);
        auto const before = std::count(all.begin(), here, all[place]);
        bool const clear = std::count(all.begin(), all.end(), all[place]) ==
                           static_cast<std::ptrdiff_t>(values.size());
        return clear ? values[static_cast<std::size_t>(before)] : nullptr;
    }

    void refuse(YamlNode value, std::string_view what) {
        bool const moved = known_ != nullptr && !stays_;
        reading_.refuse(value, in_quotes(what) +
                                   (moved ? ": *** stands for the known value only while scheme, "
                                            "host, port and TLS options are as before: write the "
                                            "secret itself"
                                          : ": *** stands for a value that is known, and there is "
                                            "none: write the secret itself"));
    }

    Reading& reading_;
    HttpProbeSpec const* known_;
    YamlTree& to_;
    std::vector<Url> known_urls_;
    bool stays_{false};
};

}  // namespace

void add_with_known_secrets(Reading& reading, YamlNode probe, ProbeSpec const* known,
                            YamlTree& to) {
    auto const* http = known != nullptr ? std::get_if<HttpProbeSpec>(known) : nullptr;
    ProbeCopy(reading, http, to).add(probe);
}

}  // namespace muster::config
