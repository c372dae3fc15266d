add_database_suite(cli_tests LABEL cli
  LAYERS test_support Boost::json PkgConfig::PQXX
  SOURCES
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/telemetry/alerting_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/commands/apply_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/commands/bad_input_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/databases/citus_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/customers/cleanup_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/commands/customers_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/customers/demo_world_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/commands/documents_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/commands/exit_code_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/commands/forget_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/customers/guard_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/run/hindrance_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/customers/histories_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/commands/history_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/run/idle_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/commands/identity_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/run/interrupt_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/commands/ignore_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/customers/life_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/commands/link_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/report/log_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/customers/large_run_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/databases/login_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/customers/matching_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/telemetry/metrics_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/telemetry/notify_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/commands/operator_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/report/output_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/databases/path_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/customers/odd_rows_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/commands/plan_file_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/commands/schema_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/commands/selection_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/commands/programs_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/customers/properties_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/commands/question_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/commands/rehearse_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/report/report_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/report/trend_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/run/resilience_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/run/retry_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/databases/roles_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/databases/settings_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/run/silence_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/run/standby_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/customers/states_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/databases/statement_plans_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/databases/statement_rules_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/databases/statements_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/run/storm_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/undo/kept_customer_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/undo/undo_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/undo/undone_rows_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/commands/usage_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/report/zone_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/support/servers/job_process.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/support/statements/parse_tree.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/support/statements/path_rules.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/support/worlds/proof.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/support/servers/roles.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/support/statements/statement_log.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/support/statements/statement_rules.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/support/servers/web_servers.cpp)
add_library(hindrance MODULE ${CMAKE_CURRENT_SOURCE_DIR}/support/servers/hindrance.cpp)
target_link_libraries(hindrance PRIVATE ${CMAKE_DL_LIBS})
target_compile_definitions(cli_tests PRIVATE RECONCILE_HINDRANCE="$<TARGET_FILE:hindrance>"
  RECONCILE_JOB="$<TARGET_FILE:customer-reconcile>"
  CLUSTER_SCRIPT="${CLUSTER_SCRIPT}"
  PYTHON="/usr/bin/python3"
  JSON_VALIDATOR="${PROJECT_SOURCE_DIR}/tests/support/reports/validate_json.py"
  REPOSITORY="${PROJECT_SOURCE_DIR}"
  MONITORING_DIRECTORY="${PROJECT_SOURCE_DIR}/k8s/components/monitoring")
add_dependencies(cli_tests customer-reconcile hindrance)

add_test(NAME debian_package COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/cli/package.sh ${CMAKE_BINARY_DIR})
set_tests_properties(debian_package PROPERTIES LABELS cli TIMEOUT 300)

add_test(NAME drill COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/support/drill_check.sh $<TARGET_FILE:customer-reconcile>)
set_tests_properties(drill PROPERTIES LABELS cli TIMEOUT 300 COST 100)  # long, so it begins first

# The same tests far from UTC, on a server that speaks German and folds case in Turkish, as roles that may have one
# session only. One generation is enough: these things do not depend on it. Tests on statements read the server's log in
# English.
set(ODD_CLUSTER ${CMAKE_BINARY_DIR}/odd-cluster)
add_test(NAME odd_cluster_start COMMAND ${CLUSTER_SCRIPT} start ${ODD_CLUSTER} --no-fsync --foreign)
add_test(NAME odd_cluster_stop COMMAND ${CLUSTER_SCRIPT} stop ${ODD_CLUSTER})
set_tests_properties(odd_cluster_start PROPERTIES FIXTURES_SETUP odd_cluster TIMEOUT 120)
set_tests_properties(odd_cluster_stop PROPERTIES FIXTURES_CLEANUP odd_cluster TIMEOUT 60)
gtest_discover_tests(cli_tests NO_PRETTY_VALUES TEST_PREFIX odd. TEST_LIST odd_tests TEST_FILTER "-*/Companies:*Statement*"
  PROPERTIES LABELS odd TIMEOUT 300 FIXTURES_REQUIRED odd_cluster
  ENVIRONMENT "CUSTOMER_RECONCILE_TEST_CLUSTER=${ODD_CLUSTER}\;CUSTOMER_RECONCILE_TEST_TZ=Asia/Kolkata\;CUSTOMER_RECONCILE_TEST_ONE_CONNECTION=1")
