package org.distill4j.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
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
  void load_liftsTheLimitThatMakesAllocationsSleep() {
    TensorFlowNatives.load();

    assertThat(Pointer.maxPhysicalBytes()).isZero();
  }

  @Test
  void load_inAFreshProcess_printsNothingButWhatIsAsked() throws Exception {
    assertThat(probe("TF_ENABLE_ONEDNN_OPTS", "", "")).containsExactly("oneDNN true", "warning ");
  }

  @Test
  void load_logLevelInheritedFromAnotherRun_staysQuiet() throws Exception {
    assertThat(probe("TF_CPP_MIN_LOG_LEVEL", "2", "")).containsExactly("oneDNN true", "warning ");
  }

  @Test
  void load_oneDnnSwitchedOffByTheUser_staysOff() throws Exception {
    assertThat(probe("TF_ENABLE_ONEDNN_OPTS", "0", "")).containsExactly("oneDNN false", "warning ");
  }

  @Test
  void warning_tensorFlowLoadedBefore_saysWhatItCosts() throws Exception {
    assertThat(probe("TF_ENABLE_ONEDNN_OPTS", "", "early"))
        .contains("oneDNN false")
        .anyMatch(line -> line.startsWith("warning TensorFlow: was loaded before Distill4j"));
  }

  /** What a process of its own prints, on either stream. */
  private static List<String> probe(String variable, String value, String order) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            NativesProbe.class.getName(),
            order);
    builder.environment().keySet().removeIf(name -> name.startsWith("TF_"));
    if (!value.isEmpty()) {
      builder.environment().put(variable, value);
    }
    Process process = builder.redirectErrorStream(true).start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(process.waitFor()).as(lines.toString()).isZero();
    return lines;
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
