# Every third-party library, found once and under one name. What a module may use of it is the
# business of cmake/layers.txt.
#
#   Boost::headers               1.81, pinned: Debian 12 has 1.74 as well
#   muster::asio                 Boost.Asio and Beast, compiled once; link this, not Boost::headers
#   tl::expected                 the carrier of Result<T>
#   absl::any_invocable          move-only callbacks (header only)
#   absl::time                   time zones
#   fmt::fmt  spdlog::spdlog     spdlog uses the same, external fmt
#   nlohmann_json::nlohmann_json
#   yaml::yaml                   libyaml
#   SQLite::SQLite3
#   pqxx::pqxx                   libpqxx with libpq
#   CLI11::CLI11
#   re2::re2                     regular expressions in linear time
#   httplib::httplib             cpp-httplib with the defines it was built with
#   OpenSSL::SSL  OpenSSL::Crypto
#   ZLIB::ZLIB                   gzip of answers
#   cares::cares                 c-ares, asynchronous DNS
#   hiredis::hiredis             reading Redis's answers
#   Threads::Threads
#   GTest::gtest  GTest::gtest_main  GTest::gmock   rapidcheck::rapidcheck   (MUSTER_TESTS)
#   benchmark::benchmark                                                      (MUSTER_BENCH)

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)

find_package(Boost 1.81.0 EXACT CONFIG REQUIRED)
find_package(tl-expected 1.0 CONFIG REQUIRED)
find_package(absl CONFIG REQUIRED)
find_package(fmt 9 CONFIG REQUIRED)
find_package(spdlog 1.10 CONFIG REQUIRED)
find_package(nlohmann_json 3.11 CONFIG REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
find_package(CLI11 2.1 CONFIG REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(ZLIB 1.2 REQUIRED)

# Debian's libyaml has a pkg-config file only.
pkg_check_modules(yaml REQUIRED IMPORTED_TARGET GLOBAL yaml-0.1>=0.2.5)
add_library(yaml::yaml ALIAS PkgConfig::yaml)

# Debian's RE2 has a pkg-config file only.
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET GLOBAL re2)
add_library(re2::re2 ALIAS PkgConfig::re2)

# Debian's cpp-httplib is a compiled library with a pkg-config file only. Its layout depends on
# defines (TLS, zlib, brotli): without them the program and the library disagree.
pkg_check_modules(httplib REQUIRED IMPORTED_TARGET GLOBAL cpp-httplib>=0.11)
add_library(httplib::httplib INTERFACE IMPORTED GLOBAL)
target_link_libraries(httplib::httplib INTERFACE
    PkgConfig::httplib OpenSSL::SSL OpenSSL::Crypto Threads::Threads)

# Debian's c-ares has a pkg-config file only.
pkg_check_modules(cares REQUIRED IMPORTED_TARGET GLOBAL libcares>=1.18)
add_library(cares::cares ALIAS PkgConfig::cares)

# Debian's CMake files of hiredis make no target.
pkg_check_modules(hiredis REQUIRED IMPORTED_TARGET GLOBAL hiredis>=0.14)
add_library(hiredis::hiredis ALIAS PkgConfig::hiredis)
# Debian's libpqxx has a pkg-config file only.
pkg_check_modules(pqxx REQUIRED IMPORTED_TARGET GLOBAL libpqxx>=6.4 libpq>=15)
add_library(pqxx::pqxx ALIAS PkgConfig::pqxx)

# Asio and Beast are templates over a compiled core; compiling the core once saves seconds and
# hundreds of MB in every unit that includes them.
add_library(muster_asio STATIC "${CMAKE_CURRENT_LIST_DIR}/asio_separate_compilation.cpp")
add_library(muster::asio ALIAS muster_asio)
target_link_libraries(muster_asio PUBLIC Boost::headers Threads::Threads)
target_compile_definitions(muster_asio PUBLIC
    BOOST_ASIO_SEPARATE_COMPILATION
    BOOST_ASIO_NO_DEPRECATED
    BOOST_BEAST_SEPARATE_COMPILATION)

if(MUSTER_TESTS)
    find_package(GTest 1.12 CONFIG REQUIRED)

    # The CMake files of Debian's package point at an include folder that does not exist.
    find_path(RAPIDCHECK_INCLUDE_DIR rapidcheck/gtest.h REQUIRED)
    find_library(RAPIDCHECK_LIBRARY rapidcheck REQUIRED)
    mark_as_advanced(RAPIDCHECK_INCLUDE_DIR RAPIDCHECK_LIBRARY)
    add_library(rapidcheck::rapidcheck UNKNOWN IMPORTED GLOBAL)
    set_target_properties(rapidcheck::rapidcheck PROPERTIES
        IMPORTED_LOCATION "${RAPIDCHECK_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${RAPIDCHECK_INCLUDE_DIR}")
endif()

if(MUSTER_BENCH)
    find_package(benchmark 1.7 CONFIG REQUIRED)
endif()
