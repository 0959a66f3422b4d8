package org.distill4j.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessorTest {
  @Test
  void features_asLinuxTellsThem_keepsWhatDecidesSpeed() {
    List<String> told =
        List.of(
            "processor\t: 0",
            "model name\t: AMD EPYC 7B13",
            "flags\t\t: fpu vme sse2 fma avx2 sha_ni",
            "flags\t\t: fpu vme sse2 fma avx2 sha_ni");
    assertThat(Processor.features(told)).containsExactly("avx2", "fma");
    assertThat(Processor.name(told)).isEqualTo("AMD EPYC 7B13");
  }

  @Test
  void hasInt8DotProducts_byFeature_isTold() {
    assertThat(new Processor("Zen 3", List.of("avx2", "fma")).hasInt8DotProducts()).isFalse();
    assertThat(new Processor("Zen 4", List.of("avx2", "avx512_vnni")).hasInt8DotProducts())
        .isTrue();
    assertThat(new Processor("Graviton 2", List.of("asimd", "asimddp")).hasInt8DotProducts())
        .isTrue();
  }
}
