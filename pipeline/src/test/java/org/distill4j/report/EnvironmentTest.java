package org.distill4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EnvironmentTest {

  @Test
  void here_namesJvmAndLibraries() {
    Environment environment = Environment.here(2);
    assertThat(environment.java()).contains(System.getProperty("java.runtime.version"));
    assertThat(environment.threads()).isEqualTo(2);
    assertThat(environment.cores()).isPositive();
    assertThat(environment.cpu()).isNotBlank();
    assertThat(environment.versions())
        .containsKeys("Distill4j", "TensorFlow Java", "ONNX Runtime", "Chart.js")
        .allSatisfy((name, version) -> assertThat(version).matches("[0-9]+\\..*"));
  }
}
