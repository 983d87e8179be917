#pragma once

#include <string>

#include <muster/config/document.hpp>
#include <muster/importing/draft.hpp>
#include <muster/importing/variable_names.hpp>

namespace muster::importing {

/// Names that were given to a draft.
struct GivenTo {
    std::string project;
    std::string service;
};

/// The service as an entry of a project's `services`. Secrets of the source become variables: the
/// values of headers that may hold one, passwords and secret parameters of URLs, and bodies that
/// name a secret.
[[nodiscard]] config::Document service_document(Draft const& draft, GivenTo const& names,
                                                VariableNames& variables);

/// Every text of the draft that may ask for variables, in one.
[[nodiscard]] std::string all_texts(Draft const& draft);

}  // namespace muster::importing
