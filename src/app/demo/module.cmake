foreach(language en es pt)
  propolis_embed(propolis_demo propolis_demo_stories_${language} ${CMAKE_SOURCE_DIR}/src/app/demo/stories_${language}.json)
endforeach()
propolis_embed(propolis_demo propolis_demo_knowledge ${CMAKE_SOURCE_DIR}/src/app/demo/knowledge.json)
