pkg_check_modules(MD4C REQUIRED IMPORTED_TARGET md4c-html)
target_link_libraries(propolis_api PRIVATE PkgConfig::MD4C)
target_compile_definitions(propolis_api PUBLIC PROPOLIS_VERSION="${PROJECT_VERSION}")
