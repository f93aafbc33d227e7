# GMime asks for -pthread when compiling, which the shared precompiled header was built without; on Linux it changes nothing.
set_property(TARGET PkgConfig::GMIME PROPERTY INTERFACE_COMPILE_OPTIONS "")
target_link_libraries(propolis_channels PRIVATE PkgConfig::GMIME PkgConfig::GUMBO PkgConfig::CURL PkgConfig::ICU)
