pkg_check_modules(ELFUTILS REQUIRED IMPORTED_TARGET libelf libdw)
target_link_libraries(propolis_livepatch PRIVATE PkgConfig::ELFUTILS PkgConfig::SODIUM)
