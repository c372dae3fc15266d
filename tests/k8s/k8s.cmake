# The manifests, the alert rules and the dashboard. What the network must bring (npm) is got once, by k8s_tools.
set(K8S_TESTS ${CMAKE_CURRENT_SOURCE_DIR}/k8s)
set(K8S_OUT ${CMAKE_BINARY_DIR}/k8s)

add_test(NAME k8s_tools COMMAND ${K8S_TESTS}/tools.sh ${K8S_OUT})
add_test(NAME k8s_manifests COMMAND ${K8S_TESTS}/manifests.sh ${K8S_OUT})
add_test(NAME k8s_sbom COMMAND sh -c
  "${PROJECT_SOURCE_DIR}/k8s/sbom.sh 0.0.0 none | python3 ${K8S_TESTS}/sbom_check.py")
add_test(NAME k8s_rules COMMAND ${K8S_TESTS}/rules.sh ${K8S_OUT})
set_tests_properties(k8s_tools PROPERTIES FIXTURES_SETUP k8s_tools LABELS k8s TIMEOUT 300 SKIP_RETURN_CODE 77)
set_tests_properties(k8s_manifests PROPERTIES FIXTURES_REQUIRED k8s_tools FIXTURES_SETUP k8s_rendered
  LABELS k8s TIMEOUT 120 SKIP_RETURN_CODE 77)
add_test(NAME runbook COMMAND ${K8S_TESTS}/runbook.sh $<TARGET_FILE:customer-reconcile> ${K8S_OUT}/kubectl)
set_tests_properties(runbook PROPERTIES FIXTURES_REQUIRED k8s_tools LABELS k8s TIMEOUT 600 SKIP_RETURN_CODE 77)
set_tests_properties(k8s_sbom k8s_rules PROPERTIES LABELS k8s TIMEOUT 300)
# What takes longest begins first: at the end it would run alone.
set_tests_properties(k8s_tools runbook k8s_rules PROPERTIES COST 100)

add_suite(k8s_tests FIXTURES_REQUIRED k8s_rendered
  LABEL k8s LAYERS tracking_job yaml-cpp Boost::json
  SOURCES
    ${K8S_TESTS}/manifests_test.cpp
    ${K8S_TESTS}/monitoring_test.cpp)
target_compile_definitions(k8s_tests PRIVATE
  K8S_DIRECTORY="${PROJECT_SOURCE_DIR}/k8s" RENDERED_DIRECTORY="${K8S_OUT}/rendered")
