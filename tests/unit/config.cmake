add_suite(config_tests LABEL unit LAYERS tracking_config
  SOURCES
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/config/command_line_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/config/edges_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/config/load_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/config/metrics_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/config/secret_url_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/config/table_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/config/text_test.cpp)
target_link_libraries(config_tests PRIVATE Boost::json)
target_compile_definitions(config_tests PRIVATE
  DOCUMENTED_CONFIG="${PROJECT_SOURCE_DIR}/config/customer-reconcile.yaml")
