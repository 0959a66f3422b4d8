package org.distill4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.distill4j.fault.RunFault;
import org.junit.jupiter.api.Test;

class TensorFlowNativesTest {
  @Test
  void load_twice_leavesOneDnnOn() {
    TensorFlowNatives.load();
    TensorFlowNatives.load();

    assertThat(TensorFlowNatives.version()).startsWith("2.18");
    assertThat(TensorFlowNatives.oneDnnActive())
        .isEqualTo(!"0".equals(System.getenv("TF_ENABLE_ONEDNN_OPTS")));
    assertThat(TensorFlowNatives.warning()).isEmpty();
  }

  @Test
  void requireRoom_fullDisk_saysHowMuchAndTheWayOut() {
    assertThatThrownBy(
            () -> NativesCache.requireRoom(Path.of("/cache"), 683_000_000L, 120_000_000L))
        .isInstanceOf(RunFault.class)
        .hasMessage(
            "/cache: 120 MB free (expected: 703 MB to unpack TensorFlow); free space or choose"
                + " another folder with -Dorg.bytedeco.javacpp.cachedir=DIR");
  }

  @Test
  void requireRoom_allUnpacked_needsNone() {
    assertThatCode(() -> NativesCache.requireRoom(Path.of("/cache"), 0, 0))
        .doesNotThrowAnyException();
  }
}
