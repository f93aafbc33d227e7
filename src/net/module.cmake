# Asio and Beast are compiled once, in asio.cpp.
target_compile_definitions(propolis_net PRIVATE BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
  BOOST_ASIO_NO_DEPRECATED)
target_link_libraries(propolis_net PUBLIC fmt::fmt PRIVATE Boost::headers OpenSSL::SSL)

# The built web interface, packed; an empty pack when there is none (see net/assets.h).
set(assets_pack ${CMAKE_BINARY_DIR}/assets.pack)
file(GLOB_RECURSE web_dist CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/web/dist/*)
if(web_dist)
  find_program(NODE_EXECUTABLE node REQUIRED)
  add_custom_command(OUTPUT ${assets_pack}
    COMMAND ${NODE_EXECUTABLE} ${CMAKE_SOURCE_DIR}/web/scripts/pack.mjs ${CMAKE_SOURCE_DIR}/web/dist ${assets_pack}
    DEPENDS ${web_dist} ${CMAKE_SOURCE_DIR}/web/scripts/pack.mjs
    VERBATIM)
else()
  file(GENERATE OUTPUT ${assets_pack} CONTENT "")
endif()
propolis_embed(propolis_net propolis_assets ${assets_pack})
