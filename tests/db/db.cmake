add_database_suite(support_test LAYERS PkgConfig::PQXX
  SOURCES db/support_test.cpp db/demo_world_test.cpp)

add_database_suite(models_db_tests LAYERS tracking_models PkgConfig::PQXX
  SOURCES db/batch_effects_test.cpp db/batch_premises_test.cpp db/company_model_test.cpp
          db/contact_model_test.cpp db/customer_reader_test.cpp db/customer_removal_test.cpp
          db/customer_store_test.cpp db/database_test.cpp db/journal_model_test.cpp
          db/link_company_test.cpp
          db/model_statements_test.cpp db/models_example_test.cpp db/rehearsal_store_test.cpp
          db/row_stream_test.cpp
          db/schema_test.cpp db/tag_model_test.cpp db/tenant_reader_test.cpp
          db/two_owners_test.cpp db/witness_test.cpp
          db/made_like_the_platform_test.cpp
          support/parse_tree.cpp support/statement_log.cpp support/statement_rules.cpp)
target_compile_definitions(models_db_tests PRIVATE MODELS_EXAMPLE="$<TARGET_FILE:models_example>")
add_dependencies(models_db_tests models_example)
