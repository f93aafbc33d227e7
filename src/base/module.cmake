target_link_libraries(propolis_base PUBLIC fmt::fmt date::date-tz Threads::Threads PRIVATE Boost::json PkgConfig::SODIUM PkgConfig::ICU OpenSSL::Crypto stemmer cld2)
foreach(language en es pt)
  propolis_embed(propolis_base propolis_locale_${language} ${CMAKE_SOURCE_DIR}/locales/${language}.json)
endforeach()
