# The Debian packages, by CPack from what install.cmake installs:
#
#   muster       programs, guides and the service: unit, user, /etc/muster/muster.yaml
#   muster-dev   headers and library, with the packages whose headers ours include
#
# `./dev package` builds them from a release; whoever has a build of any kind: cpack -B DIR in it.
# Scripts of the maintainer, and what is made of the staged tree, lie in cmake/debian.

# From which Debian package a third-party target of deps.cmake comes, for those who build against the
# library; nothing: from a compiler's.
set(muster_debian_tl::expected libexpected-dev)
set(muster_debian_absl::any_invocable libabsl-dev)
set(muster_debian_absl::time libabsl-dev)
set(muster_debian_fmt::fmt libfmt-dev)
set(muster_debian_spdlog::spdlog libspdlog-dev)
set(muster_debian_nlohmann_json::nlohmann_json nlohmann-json3-dev)
set(muster_debian_yaml::yaml libyaml-dev)
set(muster_debian_SQLite::SQLite3 libsqlite3-dev)
set(muster_debian_re2::re2 libre2-dev)
set(muster_debian_OpenSSL::SSL libssl-dev)
set(muster_debian_OpenSSL::Crypto libssl-dev)
set(muster_debian_cares::cares libc-ares-dev)
set(muster_debian_hiredis::hiredis libhiredis-dev)
set(muster_debian_pqxx::pqxx libpqxx-dev libpq-dev)
set(muster_debian_ZLIB::ZLIB zlib1g-dev)
set(muster_debian_muster::asio libboost1.81-dev)
set(muster_debian_Boost::headers libboost1.81-dev)
set(muster_debian_Threads::Threads "")

# The packages of all that the installed modules link, as a Depends field.
function(muster_debian_packages result)
    get_property(links GLOBAL PROPERTY MUSTER_LINKS)
    set(packages "")
    foreach(link IN LISTS links)
        if(NOT DEFINED "muster_debian_${link}")
            message(FATAL_ERROR "muster-dev: cmake/package.cmake does not say which Debian package "
                "has ${link}")
        endif()
        list(APPEND packages ${muster_debian_${link}})
    endforeach()
    list(REMOVE_DUPLICATES packages)
    list(SORT packages)
    list(JOIN packages ", " packages)
    set(${result} "${packages}" PARENT_SCOPE)
endfunction()

# Absolute, and left out of a plain `cmake --install`: they are a system's, not a prefix's.
function(muster_install_service)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "UNIT;ENVIRONMENT;CONFIGURATION" "")
    install(FILES "${arg_UNIT}" DESTINATION /lib/systemd/system
        COMPONENT service EXCLUDE_FROM_ALL)
    install(FILES "${arg_CONFIGURATION}" DESTINATION /etc/muster RENAME muster.yaml
        COMPONENT service EXCLUDE_FROM_ALL)
    install(FILES "${arg_ENVIRONMENT}" DESTINATION /etc/default RENAME muster
        PERMISSIONS OWNER_READ OWNER_WRITE
        COMPONENT service EXCLUDE_FROM_ALL)
endfunction()

# Once, after all modules: it closes the list of components.
macro(muster_package)
    set(debian "${PROJECT_SOURCE_DIR}/cmake/debian")

    set(CPACK_GENERATOR DEB)
    set(CPACK_PACKAGE_NAME muster)
    set(CPACK_PACKAGE_VENDOR Muster)
    set(CPACK_PACKAGE_CONTACT "The authors of Muster <muster@users.noreply.github.com>")
    set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")  # each package has one of its own
    set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
    set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
        OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
    set(CPACK_PRE_BUILD_SCRIPTS "${debian}/finish.cmake")
    set(CPACK_STRIP_FILES ON)

    set(CPACK_COMPONENTS_ALL programs guides service headers library)
    set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
    set(CPACK_COMPONENT_PROGRAMS_GROUP muster)
    set(CPACK_COMPONENT_GUIDES_GROUP muster)
    set(CPACK_COMPONENT_SERVICE_GROUP muster)
    set(CPACK_COMPONENT_HEADERS_GROUP muster-dev)
    set(CPACK_COMPONENT_LIBRARY_GROUP muster-dev)

    set(CPACK_DEB_COMPONENT_INSTALL ON)
    set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
    set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
    set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
    set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)

    set(CPACK_DEBIAN_MUSTER_PACKAGE_NAME muster)
    set(CPACK_DEBIAN_MUSTER_PACKAGE_SECTION net)
    set(CPACK_DEBIAN_MUSTER_PACKAGE_SHLIBDEPS ON)
    set(CPACK_DEBIAN_MUSTER_PACKAGE_DEPENDS "adduser, tzdata")
    set(CPACK_DEBIAN_MUSTER_PACKAGE_RECOMMENDS ca-certificates)
    set(CPACK_DEBIAN_MUSTER_DESCRIPTION
        "Monitoring hub for services and the projects they form
Muster probes services in a steady rhythm, judges what it sees, keeps the
history, and shows the state live in the browser, over WebSockets and REST.

This package holds the command line (muster), the hub as a service of
systemd (muster-hub), the guides, and three sample projects to watch.")
    set(CPACK_DEBIAN_MUSTER_PACKAGE_CONTROL_EXTRA
        "${debian}/conffiles;${debian}/postinst;${debian}/prerm;${debian}/postrm")

    muster_debian_packages(CPACK_DEBIAN_MUSTER-DEV_PACKAGE_DEPENDS)
    set(CPACK_DEBIAN_MUSTER-DEV_PACKAGE_NAME muster-dev)
    set(CPACK_DEBIAN_MUSTER-DEV_PACKAGE_SECTION libdevel)
    set(CPACK_DEBIAN_MUSTER-DEV_PACKAGE_SUGGESTS "muster (= ${PROJECT_VERSION})")
    set(CPACK_DEBIAN_MUSTER-DEV_DESCRIPTION
        "Monitoring in C++ programs: the library beneath Muster
Static libraries, headers, a CMake package and pkg-config files, for programs
that watch their own upstreams or add probes of their own kind.")
    include(CPack)
endmacro()
