package org.distill4j.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.distill4j.storage.Sha256;
import org.junit.jupiter.api.Test;

class StepKeyTest {
  private record Training(int epochs, double rate) {}

  private record Schooling(double rate, int epochs) {}

  @Test
  void json_holdsFormatInputsSettingsAndStep_andItsDigestIsTheKey() {
    StepKey key =
        StepKey.of("teacher", 2)
            .with("train", new Training(3, .01))
            .from("data", "ab")
            .with("seed", 1L);
    assertThat(key.json())
        .isEqualTo(
            "{\"format\":2,\"made-from\":{\"data\":\"ab\"},"
                + "\"settings\":{\"seed\":1,\"train\":{\"epochs\":3,\"rate\":0.01}},"
                + "\"step\":\"teacher\"}");
    assertThat(key.sha256()).isEqualTo(Sha256.of(key.json().getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void sha256_ofARenamedRecordWithReorderedComponentsGivenInAnotherOrder_isTheSame() {
    StepKey one = StepKey.of("a", 1).with("train", new Training(3, .01)).with("seed", 1);
    StepKey other = StepKey.of("a", 1).with("seed", 1).with("train", new Schooling(.01, 3));
    assertThat(one.sha256()).isEqualTo(other.sha256());
  }

  @Test
  void sha256_ofAnotherStepFormatSettingOrInput_isAnother() {
    StepKey key = StepKey.of("a", 1).with("x", 1).from("y", "ab");
    assertThat(
            List.of(
                StepKey.of("b", 1).with("x", 1).from("y", "ab").sha256(),
                StepKey.of("a", 2).with("x", 1).from("y", "ab").sha256(),
                StepKey.of("a", 1).with("x", 2).from("y", "ab").sha256(),
                StepKey.of("a", 1).with("x", 1).from("y", "ac").sha256(),
                StepKey.of("a", 1).from("x", 1).with("y", "ab").sha256()))
        .doesNotHaveDuplicates()
        .doesNotContain(key.sha256());
  }

  @Test
  void with_whatIsAbsent_leavesTheKeyAsItIs() {
    StepKey key = StepKey.of("a", 1);
    assertThat(
            key.with("x", Optional.empty()).with("y", List.of()).from("z", Optional.empty()).json())
        .isEqualTo(key.json());
  }

  @Test
  void with_aNameThatHasAnotherValue_isRefused() {
    StepKey key = StepKey.of("a", 1).with("x", 1);
    assertThat(key.with("x", 1).json()).isEqualTo(key.json());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> key.with("x", 2))
        .withMessage("x: 2 (expected: once, 1)");
  }

  @Test
  void formatOf_json_isItsNumber_andThatOfOlderKeysIsZero() {
    assertThat(StepKey.formatOf(StepKey.of("a", 12).with("x", 1).json())).isEqualTo(12);
    assertThat(StepKey.formatOf("b96599f1425b2c1824941f011cab61194ae8616b9701bcf8e2db998b4e7c23f1"))
        .isZero();
  }
}
