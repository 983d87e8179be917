# What `cmake --install` gives. Every module of libs, ports and adapters is a target
# `muster::<name>` of the CMake package and a pkg-config file `muster-<name>.pc`; its public headers
# are those of its HEADERS. The tree may be moved after it was installed.
#
#   headers   include/muster/...
#   library   static libraries, CMake package, pkg-config files
#   programs  muster, muster-hub, the manual page, completions, and the demo projects under libexec,
#             where `muster up --demo` looks for them
#   guides    README, changes, docs, examples, migrations
#   service   the systemd unit and the files of /etc; only where it is named (package.cmake)
#
#   muster_install_library(<target> <name> [DEPENDS ...] [LINKS ...])
#   muster_install_program(<target>)   a sample: muster_install_sample(<target>)
#   muster_install_completions(<target>)   what the target prints for `completion SHELL`
#   muster_install_package()     once, after all modules

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}" OR IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
    message(FATAL_ERROR "CMAKE_INSTALL_LIBDIR and CMAKE_INSTALL_INCLUDEDIR must be relative to the "
        "prefix: what is installed may be moved")
endif()

# What a third-party target of deps.cmake is called by pkg-config; `-` at the front: a flag instead;
# nothing: it has no file, and its headers are where the compiler looks anyway.
set(muster_pkgconfig_tl::expected "")
set(muster_pkgconfig_absl::any_invocable absl_any_invocable)
set(muster_pkgconfig_absl::time absl_time)
set(muster_pkgconfig_fmt::fmt fmt)
set(muster_pkgconfig_spdlog::spdlog spdlog)
set(muster_pkgconfig_nlohmann_json::nlohmann_json nlohmann_json)
set(muster_pkgconfig_yaml::yaml yaml-0.1)
set(muster_pkgconfig_SQLite::SQLite3 sqlite3)
set(muster_pkgconfig_pqxx::pqxx "libpqxx, libpq")
set(muster_pkgconfig_re2::re2 re2)
set(muster_pkgconfig_OpenSSL::SSL libssl)
set(muster_pkgconfig_OpenSSL::Crypto libcrypto)
set(muster_pkgconfig_cares::cares libcares)
set(muster_pkgconfig_hiredis::hiredis hiredis)
set(muster_pkgconfig_ZLIB::ZLIB zlib)
set(muster_pkgconfig_muster::asio muster-asio)
set(muster_pkgconfig_Boost::headers "")
set(muster_pkgconfig_Threads::Threads -pthread)

# Writes muster-<name>.pc. `flags` stand behind what every module has.
function(muster_pkgconfig name libs flags)
    cmake_parse_arguments(PARSE_ARGV 3 arg "" "" "DEPENDS;LINKS")
    set(requires "")
    foreach(ours IN LISTS arg_DEPENDS)
        string(REGEX REPLACE "^adapter_" "" ours "${ours}")
        list(APPEND requires "muster-${ours}")
    endforeach()
    foreach(link IN LISTS arg_LINKS)
        if(NOT DEFINED "muster_pkgconfig_${link}")
            message(FATAL_ERROR "muster-${name}.pc: cmake/install.cmake does not say what pkg-config "
                "calls ${link}")
        endif()
        set(known "${muster_pkgconfig_${link}}")
        if(known MATCHES "^-")
            string(APPEND libs " ${known}")
            string(APPEND flags " ${known}")
        elseif(known)
            list(APPEND requires "${known}")
        endif()
    endforeach()
    list(REMOVE_DUPLICATES requires)
    list(JOIN requires ", " requires)
    string(STRIP "${libs}" libs)
    file(RELATIVE_PATH up "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
    string(REGEX REPLACE "/$" "" up "${up}")
    set(file "${CMAKE_BINARY_DIR}/package/muster-${name}.pc")
    if(name STREQUAL "all")
        set(file "${CMAKE_BINARY_DIR}/package/muster.pc")
    endif()
    file(CONFIGURE OUTPUT "${file}" @ONLY CONTENT
"prefix=\${pcfiledir}/@up@
libdir=\${prefix}/@CMAKE_INSTALL_LIBDIR@
includedir=\${prefix}/@CMAKE_INSTALL_INCLUDEDIR@

Name: Muster (@name@)
Description: @PROJECT_DESCRIPTION@
Version: @PROJECT_VERSION@
Requires: @requires@
Cflags: -I\${includedir}@flags@
Libs: -L\${libdir} @libs@
")
    install(FILES "${file}" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig" COMPONENT library)
endfunction()

function(muster_install_library target name)
    cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "DEPENDS;LINKS")
    set_target_properties(${target} PROPERTIES EXPORT_NAME "${name}")
    target_compile_features(${target} INTERFACE cxx_std_20)
    set(libs "")
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "STATIC_LIBRARY")
        set_target_properties(${target} PROPERTIES OUTPUT_NAME "muster_${name}")
        set(libs "-lmuster_${name}")
    endif()
    install(TARGETS ${target} EXPORT muster
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT library
        FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT headers)
    set_property(GLOBAL APPEND PROPERTY MUSTER_LINKS ${arg_LINKS})
    muster_pkgconfig("${name}" "${libs}" "" DEPENDS ${arg_DEPENDS} LINKS ${arg_LINKS})
    set_property(GLOBAL APPEND PROPERTY MUSTER_MODULES "${name}")
endfunction()

function(muster_install_program target)
    install(TARGETS ${target} RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT programs)
endfunction()

# Names like demo-chatbot are nothing for everybody's PATH.
set(muster_samples "${CMAKE_INSTALL_LIBEXECDIR}/muster")
function(muster_install_sample target)
    install(TARGETS ${target} RUNTIME DESTINATION "${muster_samples}" COMPONENT programs)
endfunction()

# Where each shell of a distribution's package looks.
function(muster_install_completions target)
    set(bash bash-completion/completions/muster)
    set(zsh zsh/vendor-completions/_muster)
    set(fish fish/vendor_completions.d/muster.fish)
    foreach(shell bash zsh fish)
        install(CODE "
            set(file \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}/${${shell}}\")
            message(STATUS \"Installing: \${file}\")
            cmake_path(GET file PARENT_PATH folder)
            file(MAKE_DIRECTORY \"\$ENV{DESTDIR}\${folder}\")
            execute_process(COMMAND \"$<TARGET_FILE:${target}>\" completion ${shell}
                OUTPUT_FILE \"\$ENV{DESTDIR}\${file}\" COMMAND_ERROR_IS_FATAL ANY)"
            COMPONENT programs)
    endforeach()
endfunction()

# Asio and Beast compiled once: whoever includes them must see the same macros.
function(muster_install_asio)
    set_target_properties(muster_asio PROPERTIES EXPORT_NAME asio)
    install(TARGETS muster_asio EXPORT muster
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT library)
    get_target_property(macros muster_asio INTERFACE_COMPILE_DEFINITIONS)
    list(TRANSFORM macros PREPEND " -D")
    list(JOIN macros "" macros)
    muster_pkgconfig(asio "-lmuster_asio" "${macros}" LINKS Threads::Threads)
endfunction()

function(muster_install_package)
    muster_install_asio()
    get_property(modules GLOBAL PROPERTY MUSTER_MODULES)
    muster_pkgconfig(all "" "" DEPENDS ${modules})

    set(package "${CMAKE_INSTALL_LIBDIR}/cmake/muster")
    install(EXPORT muster NAMESPACE muster:: FILE musterTargets.cmake
        DESTINATION "${package}" COMPONENT library)
    list(JOIN modules " " MUSTER_MODULES)
    configure_package_config_file(
        "${PROJECT_SOURCE_DIR}/cmake/musterConfig.cmake.in"
        "${CMAKE_BINARY_DIR}/package/musterConfig.cmake"
        INSTALL_DESTINATION "${package}"
        NO_SET_AND_CHECK_MACRO)
    write_basic_package_version_file(
        "${CMAKE_BINARY_DIR}/package/musterConfigVersion.cmake" COMPATIBILITY SameMajorVersion)
    install(FILES
        "${CMAKE_BINARY_DIR}/package/musterConfig.cmake"
        "${CMAKE_BINARY_DIR}/package/musterConfigVersion.cmake"
        DESTINATION "${package}" COMPONENT library)

    install(FILES README.md CHANGELOG.md DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT guides)
    install(DIRECTORY docs DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT guides
        FILES_MATCHING PATTERN "*.md" PATTERN "*.png" PATTERN man EXCLUDE)
    install(DIRECTORY examples DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT guides)
    install(DIRECTORY migrations DESTINATION "${CMAKE_INSTALL_DATADIR}/muster" COMPONENT guides)
endfunction()
