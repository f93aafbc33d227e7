target_link_libraries(propolis_search PRIVATE PkgConfig::SQLITE)
