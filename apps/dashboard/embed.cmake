# Writes the files of the page into one C++ file.
#
#   cmake -DOUT=assets.cpp -DFOLDER=ui -DFILES=index.html,app.js -P embed.cmake
#
# A file is a raw string literal: what the compiler reads fastest, and what a person can still read.

set(types_html "text/html; charset=utf-8")
set(types_css "text/css; charset=utf-8")
set(types_js "text/javascript; charset=utf-8")
set(types_svg "image/svg+xml")

string(REPLACE "," ";" FILES "${FILES}")
list(SORT FILES)

set(entries "")
foreach(name IN LISTS FILES)
    string(REGEX MATCH "[a-z]+$" extension "${name}")
    if(NOT DEFINED types_${extension})
        message(FATAL_ERROR "${name}: no content type is known for .${extension}")
    endif()
    file(READ "${FOLDER}/${name}" body)
    if(body MATCHES "\\)muster\"")
        message(FATAL_ERROR "${name} holds the end mark of its own literal")
    endif()
    file(SHA256 "${FOLDER}/${name}" hash)
    string(SUBSTRING "${hash}" 0 16 hash)
    set(path "/ui/${name}")
    if(name STREQUAL "index.html")
        set(path "/")
    endif()
    string(APPEND entries
        "    {\"${path}\", \"${types_${extension}}\",\n"
        "     R\"muster(${body})muster\",\n"
        "     \"\\\"${hash}\\\"\"},\n")
endforeach()

file(WRITE "${OUT}" "// Written by embed.cmake from apps/dashboard/ui.
#include <dashboard/assets.hpp>

namespace muster::dashboard {
namespace {

constexpr Asset kAssets[] = {
${entries}};

}  // namespace

std::span<Asset const> dashboard_assets() {
    return kAssets;
}

}  // namespace muster::dashboard
")
