add_suite(model_rules_tests LABEL unit LAYERS tracking_model_rules
  SOURCES
    unit/company_rules_test.cpp
    unit/contact_rules_test.cpp
    unit/email_test.cpp
    unit/id_test.cpp
    unit/json_text_test.cpp
    unit/tag_color_test.cpp
    unit/tag_text_test.cpp
    unit/text_test.cpp
    unit/url_test.cpp
    unit/utc_test.cpp)
target_compile_definitions(model_rules_tests PRIVATE REPOSITORY="${PROJECT_SOURCE_DIR}")

add_suite(models_tests LABEL unit LAYERS tracking_models SOURCES unit/cancellation_test.cpp
  unit/server_version_test.cpp)
