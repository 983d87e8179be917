# How targets are made here. Source lists are explicit; names in DEPENDS are ours (`domain` means
# muster::domain), names in PRIVATE and PUBLIC are third-party targets of cmake/deps.cmake.
#
#   muster_add_modules(<folder> ...)
#   muster_library(<name> [SOURCES ...] [HEADERS ...] [DEPENDS ...] [PRIVATE ...] [PUBLIC ...])
#   muster_adapter(<name> ...)       the same, as muster::adapter_<name>
#   muster_app_library(<name> ...)   the same, as muster::app_<name>: the part of a program that
#                                    other programs and tests use too
#   muster_app(<output-name> SOURCES ... [DEPENDS ...] [PRIVATE ...] [SAMPLE])
#   muster_test(<name> KIND unit|contract|simulation|integration|e2e|architecture
#               SOURCES ... [DEPENDS ...] [PRIVATE ...] [TIMEOUT seconds] [GMOCK] [SERIAL]
#               [WHOLE])                 one process runs all of its tests, which share what is dear
#   muster_fuzzer(<name> SOURCES ... [DEPENDS ...] [PRIVATE ...])    with MUSTER_FUZZ
#   muster_bench(<name> SOURCES ... [DEPENDS ...] [PRIVATE ...])     with MUSTER_BENCH
#   muster_cold(<source> ...)        runs once at start: heavy templates are not worth optimising
#   muster_heavy(<target>)           Beast-sized units: spare the compiler under address sanitizer

function(muster_add_modules)
    foreach(dir IN LISTS ARGN)
        add_subdirectory("${dir}")
    endforeach()
endfunction()

# The include root of the calling folder: the top folder (libs, ports, adapters, apps).
function(muster_include_root result)
    file(RELATIVE_PATH path "${PROJECT_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}")
    string(REGEX MATCH "^[^/]+" top "${path}")
    set(root "${PROJECT_SOURCE_DIR}/${top}")
    if(top STREQUAL "tests")
        set(root "${root}/support")
    endif()
    set(${result} "${root}" PARENT_SCOPE)
endfunction()

function(muster_link target scope)
    list(TRANSFORM ARGN PREPEND "muster::")
    target_link_libraries(${target} ${scope} ${ARGN})
endfunction()

# What lies in libs, ports and adapters is the library that is installed (install.cmake).
function(muster_make_library target alias)
    cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "SOURCES;HEADERS;DEPENDS;PRIVATE;PUBLIC")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "${target}: what is '${arg_UNPARSED_ARGUMENTS}'?")
    endif()
    muster_include_root(root)

    if(arg_SOURCES)
        add_library(${target} STATIC ${arg_SOURCES})
        set(scope PUBLIC)
        target_link_libraries(${target} PRIVATE ${arg_PRIVATE} $<BUILD_INTERFACE:muster_flags>)
    else()
        add_library(${target} INTERFACE)
        set(scope INTERFACE)
    endif()
    add_library(${alias} ALIAS ${target})
    target_sources(${target} ${scope} FILE_SET HEADERS BASE_DIRS "${root}" FILES ${arg_HEADERS})
    target_link_libraries(${target} ${scope} ${arg_PUBLIC})
    muster_link(${target} ${scope} ${arg_DEPENDS})
    muster_headers_alone(${target} "${root}"
        HEADERS ${arg_HEADERS} DEPENDS ${arg_DEPENDS} LINKS ${arg_PUBLIC} ${arg_PRIVATE})
    if(root MATCHES "/(libs|ports|adapters)$")
        string(REGEX REPLACE "^muster_(adapter_)?" "" name "${target}")
        muster_install_library(${target} "${name}"
            DEPENDS ${arg_DEPENDS} LINKS ${arg_PUBLIC} ${arg_PRIVATE})
    endif()
endfunction()

# One unit per header that includes nothing else: the proof that it compiles alone, and the way
# headers get into the compiler's dependency files. Where the source of a header's name is a unit of
# its own, that is the proof, as the header is what it includes first (layers.py looks): here it is
# only preprocessed. Headers that lie in the folder and in nobody's HEADERS are private ones: they
# must compile alone too. Build all with muster_headers.
function(muster_headers_alone target root)
    cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "HEADERS;DEPENDS;LINKS")
    if(NOT MUSTER_TESTS)
        return()
    endif()
    file(GLOB beside CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.hpp")
    get_property(done GLOBAL PROPERTY MUSTER_HEADERS_ALONE)
    get_target_property(sources_are_units ${target} UNITY_BUILD)
    if(sources_are_units OR NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        set(sources_are_units OFF)  # of clang -M makes no object
    else()
        set(sources_are_units ON)
    endif()
    set(units "")
    foreach(header IN LISTS arg_HEADERS beside)
        file(REAL_PATH "${header}" path BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
        if(path IN_LIST done)
            continue()
        endif()
        list(APPEND done "${path}")
        file(RELATIVE_PATH include "${root}" "${path}")
        set(unit "${CMAKE_CURRENT_BINARY_DIR}/headers/${include}.cpp")
        file(CONFIGURE OUTPUT "${unit}" CONTENT "#include <${include}>\n" @ONLY)
        list(APPEND units "${unit}")
        string(REGEX REPLACE "\\.hpp$" ".cpp" own_source "${path}")
        if(sources_are_units AND EXISTS "${own_source}")
            set_source_files_properties("${unit}" PROPERTIES COMPILE_OPTIONS -M)
        endif()
    endforeach()
    set_property(GLOBAL PROPERTY MUSTER_HEADERS_ALONE "${done}")
    if(NOT units)
        return()
    endif()
    add_library(headers_of_${target} OBJECT EXCLUDE_FROM_ALL ${units})
    set_target_properties(headers_of_${target} PROPERTIES UNITY_BUILD OFF)
    target_include_directories(headers_of_${target} PRIVATE "${root}")
    target_link_libraries(headers_of_${target} PRIVATE ${arg_LINKS} muster_flags)
    muster_link(headers_of_${target} PRIVATE ${arg_DEPENDS})
    target_compile_options(headers_of_${target} PRIVATE -O0 -g0)
    if(NOT TARGET muster_headers)
        add_custom_target(muster_headers)
    endif()
    add_dependencies(muster_headers headers_of_${target})
endfunction()

function(muster_library name)
    muster_make_library(muster_${name} muster::${name} ${ARGN})
endfunction()

function(muster_adapter name)
    muster_make_library(muster_adapter_${name} muster::adapter_${name} ${ARGN})
endfunction()

function(muster_app_library name)
    muster_make_library(muster_app_${name} muster::app_${name} ${ARGN})
endfunction()

function(muster_make_executable target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS;PRIVATE")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "${target}: what is '${arg_UNPARSED_ARGUMENTS}'?")
    endif()
    add_executable(${target} ${arg_SOURCES})
    target_link_libraries(${target} PRIVATE ${arg_PRIVATE} muster_flags)
    muster_link(${target} PRIVATE ${arg_DEPENDS})
endfunction()

function(muster_app output_name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "SAMPLE" "" "SOURCES;DEPENDS;PRIVATE")
    muster_make_executable(${output_name}
        SOURCES ${arg_SOURCES} DEPENDS ${arg_DEPENDS} PRIVATE ${arg_PRIVATE})
    target_include_directories(${output_name} PRIVATE "${PROJECT_SOURCE_DIR}/apps")
    target_compile_definitions(${output_name} PRIVATE MUSTER_VERSION="${PROJECT_VERSION}")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "${output_name}: what is '${arg_UNPARSED_ARGUMENTS}'?")
    endif()
    if(arg_SAMPLE)
        muster_install_sample(${output_name})
    else()
        muster_install_program(${output_name})
    endif()
    muster_headers_alone(${output_name} "${PROJECT_SOURCE_DIR}/apps"
        DEPENDS ${arg_DEPENDS} LINKS ${arg_PRIVATE})
endfunction()

function(muster_join group target)
    if(NOT TARGET ${group})
        add_custom_target(${group})
    endif()
    add_dependencies(${group} ${target})
endfunction()

function(muster_test name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "GMOCK;SERIAL;WHOLE" "KIND;TIMEOUT;FIXTURE" "")
    set(kinds unit contract simulation integration e2e architecture)
    if(NOT arg_KIND IN_LIST kinds)
        message(FATAL_ERROR "muster_test(${name}): KIND is '${arg_KIND}', not one of ${kinds}")
    endif()
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 60)
    endif()
    set(target ${arg_KIND}_${name})
    muster_make_executable(${target} ${arg_UNPARSED_ARGUMENTS})
    set_target_properties(${target} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY "${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/tests")
    target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/apps")
    if(arg_KIND MATCHES "^(contract|integration|e2e|architecture)$")
        target_compile_definitions(${target} PRIVATE
            MUSTER_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
            MUSTER_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
    endif()
    target_link_libraries(${target} PRIVATE muster::test_support GTest::gtest_main)
    if(arg_GMOCK)
        target_link_libraries(${target} PRIVATE GTest::gmock)
    endif()
    # A sanitized program is several times slower and finds its options here; one that counts its
    # lines is slower too.
    if(MUSTER_SANITIZE OR MUSTER_COVERAGE)
        math(EXPR arg_TIMEOUT "${arg_TIMEOUT} * 5")
    endif()
    set(properties
        LABELS ${arg_KIND}
        TIMEOUT ${arg_TIMEOUT}
        ENVIRONMENT "TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/cmake/tsan.supp second_deadlock_stack=1")
    if(arg_SERIAL OR arg_KIND STREQUAL "e2e")
        list(APPEND properties RUN_SERIAL TRUE)
    endif()
    if(arg_FIXTURE)
        list(APPEND properties FIXTURES_REQUIRED ${arg_FIXTURE})
    endif()
    # What the sanitizers run: the first always, the second with --integration.
    if(arg_KIND MATCHES "^(unit|contract|simulation)$")
        muster_join(muster_process_tests ${target})
    elseif(arg_KIND STREQUAL "integration")
        muster_join(muster_integration_tests ${target})
    endif()
    if(arg_WHOLE)
        add_test(NAME ${arg_KIND}.${name} COMMAND ${target})
        set_tests_properties(${arg_KIND}.${name} PROPERTIES ${properties})
        return()
    endif()
    gtest_discover_tests(${target}
        DISCOVERY_MODE PRE_TEST
        DISCOVERY_TIMEOUT 60
        TEST_PREFIX "${arg_KIND}.${name}."
        PROPERTIES ${properties})
endfunction()

function(muster_fuzzer name)
    if(NOT MUSTER_FUZZ)
        return()
    endif()
    muster_make_executable(fuzz_${name} ${ARGN})
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    set(corpus "${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name}")
    if(NOT IS_DIRECTORY "${corpus}")
        message(FATAL_ERROR "fuzzer ${name} has no corpus at tests/fuzz/corpus/${name}")
    endif()
    muster_join(muster_fuzzers fuzz_${name})
    add_test(NAME fuzz.${name} COMMAND fuzz_${name} -runs=0 "${corpus}")
    set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz TIMEOUT 300)
endfunction()

function(muster_bench name)
    if(NOT MUSTER_BENCH)
        return()
    endif()
    muster_make_executable(bench_${name} ${ARGN})
    target_link_libraries(bench_${name} PRIVATE benchmark::benchmark)
endfunction()

# Under address and undefined a unit with Beast takes minutes and 2 GB at -O1; -O0 keeps every
# check and costs a quarter.
function(muster_heavy target)
    if(MUSTER_SANITIZE STREQUAL "address")
        target_compile_options(${target} PRIVATE -O0)
    endif()
endfunction()

# Reading a command line takes no time, compiling its templates at -O2 a quarter of a minute. Not
# -O0: of the templates and inline functions that several units have, the linker takes the first
# unit's, and that is this one; std::string would be compiled so for the whole program.
function(muster_cold)
    set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS $<IF:$<CONFIG:Debug>,-O0,-O1>)
endfunction()
