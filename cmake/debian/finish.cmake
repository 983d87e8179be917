# Run by cpack over the staged trees, before the packages are made of them: what Debian's policy asks
# for beside what is installed anyway. SOURCE_DATE_EPOCH makes two packages of one tree alike.

string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)

function(muster_gzip file)
    execute_process(COMMAND gzip -9nf "${file}" COMMAND_ERROR_IS_FATAL ANY)
endfunction()

function(muster_write file text)
    file(WRITE "${file}" "${text}")
    file(CHMOD "${file}" PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
endfunction()

file(GLOB roots LIST_DIRECTORIES true "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*")
if(NOT roots)
    message(FATAL_ERROR "nothing was staged in ${CPACK_TEMPORARY_INSTALL_DIRECTORY}")
endif()
foreach(root IN LISTS roots)
    cmake_path(GET root FILENAME package)
    set(guides "${root}/usr/share/doc/${package}")
    file(READ "${CMAKE_CURRENT_LIST_DIR}/copyright" copyright)
    muster_write("${guides}/copyright" "${copyright}")
    muster_write("${guides}/changelog"
"muster (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium

  * What changed is told in /usr/share/doc/muster/CHANGELOG.md.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")
    muster_gzip("${guides}/changelog")
    file(READ "${CMAKE_CURRENT_LIST_DIR}/${package}.lintian-overrides" overrides)
    muster_write("${root}/usr/share/lintian/overrides/${package}" "${overrides}")
    file(GLOB_RECURSE pages "${root}/usr/share/man/*")
    foreach(page IN LISTS pages)
        muster_gzip("${page}")
    endforeach()
    file(GLOB libraries "${root}/usr/lib/*.a" "${root}/usr/lib/*/*.a")
    foreach(library IN LISTS libraries)
        execute_process(
            COMMAND strip --strip-debug --enable-deterministic-archives "${library}"
            COMMAND_ERROR_IS_FATAL ANY)
    endforeach()
endforeach()
