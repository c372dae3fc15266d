add_suite(model_rules_tests LABEL unit LAYERS tracking_model_rules
  SOURCES
    unit/models/company_rules_test.cpp
    unit/models/contact_rules_test.cpp
    unit/models/email_test.cpp
    unit/models/id_test.cpp
    unit/models/json_text_test.cpp
    unit/models/tag_color_test.cpp
    unit/models/tag_text_test.cpp
    unit/models/text_test.cpp
    unit/models/url_test.cpp
    unit/models/utc_test.cpp)
add_suite(model_looks_tests LABEL unit LAYERS tracking_model_looks
  SOURCES unit/models/looks_test.cpp)
target_compile_definitions(model_rules_tests PRIVATE REPOSITORY="${PROJECT_SOURCE_DIR}")

add_suite(models_tests LABEL unit LAYERS tracking_models SOURCES unit/models/cancellation_test.cpp
  unit/models/erasure_test.cpp
  unit/models/server_version_test.cpp)

add_suite(model_values_tests LABEL unit LAYERS tracking_model_values
  SOURCES unit/models/described_test.cpp unit/models/passing_test.cpp
    unit/models/product_test.cpp)
