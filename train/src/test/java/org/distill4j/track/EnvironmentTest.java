package org.distill4j.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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

  @Test
  void features_cpuInfo_keepsWhatDecidesSpeed() {
    List<String> cpuInfo =
        List.of(
            "processor\t: 0",
            "model name\t: AMD EPYC 7B13",
            "flags\t\t: fpu vme sse2 fma avx2 sha_ni",
            "flags\t\t: fpu vme sse2 fma avx2 sha_ni");
    assertThat(Environment.features(cpuInfo)).containsExactly("avx2", "fma");
    assertThat(Environment.cpu(cpuInfo)).isEqualTo("AMD EPYC 7B13");
  }
}
