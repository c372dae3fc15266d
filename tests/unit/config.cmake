add_suite(config_tests LABEL unit LAYERS tracking_config
  SOURCES
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/config_command_line_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/config_edges_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/config_load_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/config_metrics_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/config_table_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/config_text_test.cpp)
target_link_libraries(config_tests PRIVATE Boost::json)
target_compile_definitions(config_tests PRIVATE
  DOCUMENTED_CONFIG="${PROJECT_SOURCE_DIR}/config/customer-reconcile.yaml")
