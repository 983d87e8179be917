# One language level, one set of flags and warnings for every target of ours.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")

# Precompiled headers would hide their contents from the compiler's dependency files, which the
# architecture test reads.
set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON)

if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug or Release" FORCE)
endif()

# -g1 keeps backtraces and costs a fraction of -g in time and memory.
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1 -D_GLIBCXX_ASSERTIONS")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

find_program(MUSTER_CCACHE ccache)
mark_as_advanced(MUSTER_CCACHE)
if(MUSTER_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # Paths relative to the tree: another clone of it, or another build folder, finds the same.
    set(CMAKE_CXX_COMPILER_LAUNCHER
        "${CMAKE_COMMAND}" -E env "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" CCACHE_NOHASHDIR=1
        "${MUSTER_CCACHE}")
endif()

add_library(muster_flags INTERFACE)
target_compile_options(muster_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual)
if(MUSTER_WERROR)
    target_compile_options(muster_flags INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Colours survive the pipe of ninja and the cache; -Wrestrict of g++ 12 accuses plain
    # std::string concatenation (GCC bug 105651).
    target_compile_options(muster_flags INTERFACE -fdiagnostics-color=always -Wno-restrict)
    if(CMAKE_UNITY_BUILD)
        # Several sources in one unit look like headers to it; builds without have the warning.
        target_compile_options(muster_flags INTERFACE -Wno-subobject-linkage)
    endif()
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(muster_flags INTERFACE -fcolor-diagnostics)
endif()

# Sanitizers go on everything at once: address and thread never share a build.
if(MUSTER_SANITIZE STREQUAL "address")
    set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1 -fno-omit-frame-pointer -D_GLIBCXX_ASSERTIONS")
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all)
    add_link_options(-fsanitize=address,undefined)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # What the sanitizers put in between hides from g++ that a variant's other alternative is
        # not alive; the warning holds in every other build.
        target_compile_options(muster_flags INTERFACE -Wno-maybe-uninitialized)
    endif()
elseif(MUSTER_SANITIZE STREQUAL "thread")
    set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1 -fno-omit-frame-pointer -D_GLIBCXX_ASSERTIONS")
    add_compile_options(-fsanitize=thread)
    add_link_options(-fsanitize=thread)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # Boost and libstdc++ use fences, which g++'s ThreadSanitizer does not model and says so.
        target_compile_options(muster_flags INTERFACE -Wno-tsan)
    endif()
elseif(MUSTER_SANITIZE)
    message(FATAL_ERROR "MUSTER_SANITIZE is '${MUSTER_SANITIZE}': give nothing, address or thread")
endif()

if(MUSTER_COVERAGE)
    if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        message(FATAL_ERROR "MUSTER_COVERAGE needs g++: gcov reads what it counts")
    endif()
    # Threads count together.
    add_compile_options(--coverage -fprofile-update=atomic)
    add_link_options(--coverage)
endif()

if(MUSTER_FUZZ)
    if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
        message(FATAL_ERROR "MUSTER_FUZZ needs clang: libFuzzer is part of it")
    endif()
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()
