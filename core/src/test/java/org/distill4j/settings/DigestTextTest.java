package org.distill4j.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import org.distill4j.data.cells.TableSettings;
import org.distill4j.data.image.ImageSettings;
import org.distill4j.graph.Preprocessing;
import org.distill4j.table.Column;
import org.distill4j.table.Table;
import org.distill4j.views.Crop;
import org.distill4j.views.Erase;
import org.distill4j.views.Flip;
import org.distill4j.views.Mixup;
import org.distill4j.views.Noise;
import org.distill4j.views.Rotate;
import org.distill4j.views.Shift;
import org.distill4j.views.Views;
import org.junit.jupiter.api.Test;

/** The texts are those of version 0.1.0, whose files hold digests of them. */
class DigestTextTest {
  @DigestedAs("Ramp[from, to]")
  private record Ramp(double from, Optional<Ramp> to) {}

  @DigestedAs("Ramp[from, to]")
  private record Slope(Optional<Ramp> to, double from) {}

  @DigestedAs("value")
  private record Single(double value) {}

  private record Plain(int value) {}

  @DigestedAs("Short[value]")
  private record Grown(int value, int other) {}

  @Test
  void of_recordOfAnotherClassWithComponentsInAnotherOrder_isTheSameText() {
    Ramp end = new Ramp(2, Optional.empty());
    assertThat(DigestText.of(new Slope(Optional.of(end), 1)))
        .isEqualTo(DigestText.of(new Ramp(1, Optional.of(end))))
        .isEqualTo("Ramp[from=1.0, to=Optional[Ramp[from=2.0, to=Optional.empty]]]");
  }

  @Test
  void of_recordThatIsDigestedAsItsOnlyComponent_isTheComponentsText() {
    assertThat(DigestText.of(List.of(new Single(2), new Single(.5)))).isEqualTo("[2.0, 0.5]");
  }

  @Test
  void of_recordThatDoesNotSayHow_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DigestText.of(new Plain(1)))
        .withMessageContaining("no @DigestedAs");
  }

  @Test
  void of_recordWithAComponentThatItsTextDoesNotName_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DigestText.of(new Grown(1, 2)))
        .withMessageContaining("@DigestedAs names [value]");
  }

  @Test
  void of_table_isTheTextBehindTheDigestsOfDataInOlderModels() {
    Table table =
        new Table(
            List.of(
                new Column.Numeric("age", true, 38.5, 13.25, true),
                new Column.Categorical("job", List.of("clerk", "cook"), true, false)),
            List.of("income"),
            List.of("", "?"));
    assertThat(DigestText.of(table))
        .isEqualTo(
            "Table[columns=[Numeric[name=age, log=true, offset=38.5, scale=13.25, missing=true],"
                + " Categorical[name=job, values=[clerk, cook], other=true, missing=false]],"
                + " label=[income], missing=[, ?]]");
  }

  @Test
  void of_views_isTheTextThatOlderSoftLabelsHold() {
    Views views =
        new Views(
            List.of(
                new Shift(2),
                new Crop(.6),
                new Flip(Flip.Axis.HORIZONTAL, .5),
                new Rotate(10),
                new Erase(.25, .5),
                new Noise(.1),
                new Mixup(.2)),
            7,
            3);
    String steps =
        "Shift[pixels=2], Crop[least=0.6], Flip[axis=HORIZONTAL, probability=0.5],"
            + " Rotate[degrees=10.0], Erase[most=0.25, probability=0.5], Noise[deviation=0.1],"
            + " Mixup[alpha=0.2]";
    assertThat(DigestText.of(views)).isEqualTo("Views[steps=[" + steps + "], seed=7, count=3]");
    assertThat(views.name(2)).isEqualTo("view 2 of seed 7: " + steps);
  }

  @Test
  void of_whatRowsAreDecodedBy_isTheTextUnderWhichOlderCachesKeepThem() {
    assertThat(DigestText.of(new Preprocessing(1 / 255., List.of(.5, .25), List.of(1.0, 2.0))))
        .isEqualTo("Preprocessing[scale=0.00392156862745098, mean=[0.5, 0.25], std=[1.0, 2.0]]");
    assertThat(
            DigestText.of(
                new ImageSettings(
                    Optional.of(List.of(32, 24)),
                    Optional.empty(),
                    ImageSettings.defaults().fit(),
                    10)))
        .isEqualTo(
            "ImageSettings[size=Optional[[32, 24]], channels=Optional.empty, fit=STRETCH,"
                + " unreadable=10]");
    assertThat(DigestText.of(TableSettings.defaults()))
        .isEqualTo(
            "TableSettings[header=[], separator=Optional.empty, comment=Optional.empty,"
                + " missing=[, ?, NA, N/A, NaN, nan, null, NULL], categorical=[], ignored=[],"
                + " log=[], scaling=STANDARD, categories=100]");
  }
}
