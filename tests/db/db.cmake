add_database_suite(support_test LAYERS PkgConfig::PQXX
  SOURCES db/support_test.cpp db/demo_world_test.cpp)

add_database_suite(models_db_tests LAYERS tracking_models PkgConfig::PQXX
  SOURCES db/writing/batch_effects_test.cpp db/writing/batch_premises_test.cpp db/crm/company_model_test.cpp
          db/crm/contact_model_test.cpp db/reading/customer_reader_test.cpp db/crm/customer_removal_test.cpp
          db/writing/customer_store_test.cpp db/pg/database_test.cpp
          db/journal/journal_erasure_test.cpp db/journal/journal_model_test.cpp
          db/writing/link_company_test.cpp
          db/writing/pace_test.cpp
          db/model_statements_test.cpp db/models_example_test.cpp db/writing/rehearsal_store_test.cpp
          db/pg/row_stream_test.cpp
          db/schema/schema_test.cpp db/crm/tag_model_test.cpp db/reading/tenant_reader_test.cpp
          db/journal/last_apply_test.cpp db/journal/two_owners_test.cpp db/reading/witness_test.cpp
          db/crm/made_like_the_platform_test.cpp
          support/statements/parse_tree.cpp support/statements/statement_log.cpp support/statements/statement_rules.cpp)
target_compile_definitions(models_db_tests PRIVATE MODELS_EXAMPLE="$<TARGET_FILE:models_example>")
add_dependencies(models_db_tests models_example)
