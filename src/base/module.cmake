target_link_libraries(propolis_base PUBLIC fmt::fmt date::date-tz Threads::Threads PRIVATE Boost::json PkgConfig::SODIUM PkgConfig::ICU OpenSSL::Crypto stemmer cld2)
