target_link_libraries(propolis_domain PRIVATE PkgConfig::ICU linear)
propolis_embed(propolis_domain propolis_holidays ${CMAKE_SOURCE_DIR}/src/domain/holidays/rules.json)
