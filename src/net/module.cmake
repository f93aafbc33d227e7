# Asio and Beast are compiled once, in asio.cpp.
target_compile_definitions(propolis_net PRIVATE BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
  BOOST_ASIO_NO_DEPRECATED)
target_link_libraries(propolis_net PUBLIC fmt::fmt PRIVATE Boost::headers OpenSSL::SSL)
