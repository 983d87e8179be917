# Migrations travel inside of the library that applies them.
#
#   muster_embed_migrations(<target> <engine>)
#
# compiles migrations/<engine>/V*.sql into `std::span<Migration const> <engine>_migrations()`, which
# <muster/<engine>/schema.hpp> declares. As a script, at build time, it writes that source:
#   cmake -D ENGINE=... -D "FILES=.../V001__a.sql;.../V002__b.sql" -D OUTPUT=... -P this

if(NOT CMAKE_SCRIPT_MODE_FILE)
    set(muster_embed_script "${CMAKE_CURRENT_LIST_FILE}")
    function(muster_embed_migrations target engine)
        file(GLOB files CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/migrations/${engine}/*.sql")
        list(SORT files)
        set(output "${CMAKE_CURRENT_BINARY_DIR}/migrations.cpp")
        add_custom_command(
            OUTPUT "${output}"
            COMMAND "${CMAKE_COMMAND}" -D "ENGINE=${engine}" -D "FILES=${files}"
                    -D "OUTPUT=${output}" -P "${muster_embed_script}"
            DEPENDS ${files} "${muster_embed_script}"
            VERBATIM)
        target_sources(${target} PRIVATE "${output}")
    endfunction()
    return()
endif()

set(entries "")
set(previous 0)
foreach(file IN LISTS FILES)
    get_filename_component(base "${file}" NAME_WE)
    if(NOT base MATCHES "^V([0-9]+)__([a-z0-9_]+)$")
        message(FATAL_ERROR "${base}.sql: migrations are named V001__what_it_does.sql")
    endif()
    math(EXPR version "${CMAKE_MATCH_1}")
    set(name "${CMAKE_MATCH_2}")
    math(EXPR expected "${previous} + 1")
    if(NOT version EQUAL expected)
        message(FATAL_ERROR "${base}.sql: expected version ${expected}: versions have no gaps")
    endif()
    set(previous ${version})
    file(READ "${file}" sql)
    string(FIND "${sql}" ")sql\"" end_of_literal)
    if(NOT end_of_literal EQUAL -1)
        message(FATAL_ERROR "${base}.sql holds )sql\", which would end the literal")
    endif()
    string(APPEND entries "    {${version}, \"${name}\", R\"sql(${sql})sql\"},\n")
endforeach()

file(WRITE "${OUTPUT}"
    "// Made from migrations/ by embed_migrations.cmake.\n"
    "#include <muster/${ENGINE}/schema.hpp>\n\n"
    "namespace muster {\nnamespace {\n\n"
    "constexpr Migration kMigrations[] = {\n${entries}};\n\n"
    "}  // namespace\n\n"
    "std::span<Migration const> ${ENGINE}_migrations() noexcept {\n    return kMigrations;\n}\n\n"
    "}  // namespace muster\n")
