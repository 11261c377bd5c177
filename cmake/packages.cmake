# What `cmake --install` puts where, and the Debian package that CPack makes of it. Both are for
# scripts/package, which builds `manual` first.
include(GNUInstallDirs)

# Made of what the program says, by a tool that only packages need: not part of `all`.
add_custom_target(
  manual
  COMMAND scripts/man-pages $<TARGET_FILE:tollgate> ${CMAKE_CURRENT_BINARY_DIR}/man
  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
  DEPENDS tollgate
  VERBATIM)

install(TARGETS tollgate RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
foreach(section 1 5)
  install(DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section}
          OPTIONAL FILES_MATCHING PATTERN "*.${section}.gz")
endforeach()
install(FILES README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs examples fixtures DESTINATION ${CMAKE_INSTALL_DOCDIR})

# The rest is for the Debian package alone, under absolute names.
set(DEB ${PROJECT_SOURCE_DIR}/packaging/deb)
install(FILES config.toml DESTINATION /etc/tollgate COMPONENT deb EXCLUDE_FROM_ALL)
install(FILES ${DEB}/tollgate.service DESTINATION /usr/lib/systemd/system COMPONENT deb
        EXCLUDE_FROM_ALL)
install(FILES ${DEB}/copyright ${CMAKE_CURRENT_BINARY_DIR}/deb/changelog.gz
              ${CMAKE_CURRENT_BINARY_DIR}/deb/changelog.Debian.gz
        DESTINATION /usr/share/doc/tollgate COMPONENT deb EXCLUDE_FROM_ALL)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/deb/lintian-overrides
        DESTINATION /usr/share/lintian/overrides RENAME tollgate COMPONENT deb EXCLUDE_FROM_ALL)

set(CPACK_GENERATOR DEB)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_PACKAGE_NAME tollgate)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "OAuth 2.1 and MCP server made for testing clients")
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_SET_DESTDIR ON) # or absolute names would be those of this machine
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL Unspecified deb)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS adduser)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${DEB}/conffiles ${DEB}/postinst ${DEB}/prerm ${DEB}/postrm)
file(READ ${DEB}/description CPACK_DEBIAN_PACKAGE_DESCRIPTION)
# CPACK_DEBIAN_PACKAGE_RELEASE and CPACK_DEBIAN_PACKAGE_MAINTAINER come from scripts/package.
include(CPack)
