add_database_suite(cli_tests LABEL cli
  LAYERS test_support Boost::json PkgConfig::PQXX
  SOURCES
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/alerting_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/apply_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/bad_input_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/citus_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/cleanup_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/documents_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/exit_code_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/guard_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/hindrance_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/history_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/identity_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/interrupt_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/link_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/log_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/login_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/matching_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/metrics_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/operator_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/output_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/path_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/odd_rows_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/plan_file_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/programs_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/question_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/rehearse_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/report_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/resilience_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/retry_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/roles_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/settings_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/silence_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/standby_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/states_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/statement_plans_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/statement_rules_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/statements_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/storm_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/undo_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/cli/zone_test.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/support/job_process.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/support/parse_tree.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/support/path_rules.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/support/proof.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/support/proxy.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/support/roles.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/support/statement_log.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/support/statement_rules.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/support/web_servers.cpp)
add_library(hindrance MODULE ${CMAKE_CURRENT_SOURCE_DIR}/support/hindrance.cpp)
target_link_libraries(hindrance PRIVATE ${CMAKE_DL_LIBS})
target_compile_definitions(cli_tests PRIVATE RECONCILE_HINDRANCE="$<TARGET_FILE:hindrance>"
  RECONCILE_JOB="$<TARGET_FILE:customer-reconcile>"
  CLUSTER_SCRIPT="${CLUSTER_SCRIPT}"
  REPOSITORY="${PROJECT_SOURCE_DIR}"
  MONITORING_DIRECTORY="${PROJECT_SOURCE_DIR}/k8s/components/monitoring")
add_dependencies(cli_tests customer-reconcile hindrance)

# Once more far from UTC, on a server that speaks German, as roles that may have one session only. One generation will
# do: neither zone, language nor sessions know which it is. Tests on statements read the server's log in English.
set(ODD_CLUSTER ${CMAKE_BINARY_DIR}/odd-cluster)
add_test(NAME odd_cluster_start COMMAND ${CLUSTER_SCRIPT} start ${ODD_CLUSTER} --no-fsync --german)
add_test(NAME odd_cluster_stop COMMAND ${CLUSTER_SCRIPT} stop ${ODD_CLUSTER})
set_tests_properties(odd_cluster_start PROPERTIES FIXTURES_SETUP odd_cluster TIMEOUT 120)
set_tests_properties(odd_cluster_stop PROPERTIES FIXTURES_CLEANUP odd_cluster TIMEOUT 60)
gtest_discover_tests(cli_tests NO_PRETTY_VALUES TEST_PREFIX odd. TEST_LIST odd_tests TEST_FILTER "-*/Companies:*Statement*"
  PROPERTIES LABELS odd TIMEOUT 300 FIXTURES_REQUIRED odd_cluster
  ENVIRONMENT "CUSTOMER_RECONCILE_TEST_CLUSTER=${ODD_CLUSTER}\;CUSTOMER_RECONCILE_TEST_TZ=Asia/Kolkata\;CUSTOMER_RECONCILE_TEST_ONE_CONNECTION=1")
