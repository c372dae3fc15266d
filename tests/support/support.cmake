# A private cluster for all suites that need a database, and what they share.
set(TEST_CLUSTER ${CMAKE_BINARY_DIR}/test-cluster)
set(CLUSTER_SCRIPT ${CMAKE_CURRENT_SOURCE_DIR}/support/cluster.sh)

add_test(NAME cluster_start COMMAND ${CLUSTER_SCRIPT} start ${TEST_CLUSTER} --no-fsync)
add_test(NAME cluster_stop COMMAND ${CLUSTER_SCRIPT} stop ${TEST_CLUSTER})
set_tests_properties(cluster_start PROPERTIES FIXTURES_SETUP cluster TIMEOUT 120)
set_tests_properties(cluster_stop PROPERTIES FIXTURES_CLEANUP cluster TIMEOUT 60)

add_test(NAME cluster_leaves_nothing_running COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/support/cluster_check.sh)
set_tests_properties(cluster_leaves_nothing_running PROPERTIES LABELS db TIMEOUT 120)

add_library(test_support STATIC
  support/servers/cluster.cpp support/servers/database.cpp support/servers/proxy.cpp
  support/worlds/seed.cpp)
target_link_libraries(test_support PRIVATE project_flags PkgConfig::PQXX PUBLIC GTest::gtest)
target_include_directories(test_support PUBLIC ${PROJECT_SOURCE_DIR})
target_compile_definitions(test_support
  PRIVATE FIXTURES_DIRECTORY="${CMAKE_CURRENT_SOURCE_DIR}/fixtures")

# add_suite for tests on the cluster: a database of its own for each test.
function(add_database_suite name)
  cmake_parse_arguments(DB "" "LABEL" "LAYERS;SOURCES" ${ARGN})
  if(NOT DB_LABEL)
    set(DB_LABEL db)
  endif()
  add_suite(${name} FIXTURES_REQUIRED cluster
    ENVIRONMENT CUSTOMER_RECONCILE_TEST_CLUSTER=${TEST_CLUSTER}
    LABEL ${DB_LABEL} LAYERS test_support ${DB_LAYERS} SOURCES ${DB_SOURCES})
endfunction()
