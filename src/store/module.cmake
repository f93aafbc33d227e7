target_link_libraries(propolis_store PRIVATE PkgConfig::SQLITE)
