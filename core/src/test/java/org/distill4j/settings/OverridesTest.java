package org.distill4j.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import org.distill4j.fault.InputFault;
import org.distill4j.settings.Kitchen.Cook;
import org.distill4j.settings.Kitchen.GasStove;
import org.distill4j.settings.Kitchen.Knife;
import org.distill4j.settings.Kitchen.Mix;
import org.distill4j.settings.Kitchen.Rising;
import org.distill4j.settings.Kitchen.Steady;
import org.junit.jupiter.api.Test;

class OverridesTest {
  private static final Binding<Kitchen> BINDING = new Binding<>(Kitchen.class);
  private static final String GOOD =
      """
      name: home
      heat: 180
      menu: menu.txt
      stove: {gas-stove: {flames: 3}}
      cooks: [anna, bert]
      mix: {salt: 1, sugar: 2}
      """;

  private static Kitchen set(String... overrides) {
    return BINDING.parse(GOOD, "k.yaml", Path.of("/"), List.of(overrides));
  }

  private static List<String> faults(String... overrides) {
    InputFault fault = catchThrowableOfType(InputFault.class, () -> set(overrides));
    assertThat(fault).as("a fault").isNotNull();
    return fault.lines();
  }

  @Test
  void set_keyThereOrNot_takesTheValue() {
    assertThat(set("name=inn").name()).isEqualTo("inn");
    assertThat(set("seed=7").seed()).isEqualTo(7);
    assertThat(set("mix.water=3").mix()).isEqualTo(new Mix(1, 2, 3));
    assertThat(set("name='a=b'").name()).isEqualTo("a=b");
    assertThat(set("seats=1", "seats=9").seats()).isEqualTo(9);
  }

  @Test
  void set_yamlValue_isReadAsYaml() {
    assertThat(set("cooks=[carl, {name: dora, stars: 2}]").cooks())
        .containsExactly(new Cook("carl", 0), new Cook("dora", 2));
    assertThat(set("heat={rising: {from: 1, to: 2}}").heat()).isEqualTo(new Rising(1, 2));
  }

  @Test
  void set_belowAShorthand_keepsTheRest() {
    assertThat(set("heat.steady.warmup=5").heat()).isEqualTo(new Steady(180, 5));
    assertThat(set("cooks.1.stars=3").cooks())
        .containsExactly(new Cook("anna", 0), new Cook("bert", 3));
    assertThat(set("cooks.0=carl").cooks().get(0)).isEqualTo(new Cook("carl", 0));
  }

  @Test
  void set_otherRecordOfASealedType_replacesTheOneThatIsThere() {
    assertThat(set("stove=knife").stove()).isEqualTo(new Knife());
    assertThat(set("heat.rising.from=1", "heat.rising.to=2").heat()).isEqualTo(new Rising(1, 2));
    assertThat(set("stove.gas-stove.max-power=2").stove()).isEqualTo(new GasStove(3, 2));
  }

  @Test
  void set_keyThatStandsForOthers_replacesThem() {
    assertThat(set("mix.saltiness=0.5").mix()).isEqualTo(new Mix(0.5, 0.5, 1));
  }

  @Test
  void set_noValue_bringsTheDefaultBack() {
    assertThat(set("menu=").menu()).isEmpty();
    assertThat(set("mix=null").mix()).isEqualTo(new Mix(0.1, 0.9, 1));
    assertThat(set("cooks.0=").cooks()).containsExactly(new Cook("bert", 0));
  }

  @Test
  void set_relativePath_isRelativeToTheWorkingDirectory() {
    assertThat(set().menu()).contains(Path.of("/menu.txt"));
    assertThat(set("menu=menu.txt").menu()).contains(Path.of("menu.txt").toAbsolutePath());
  }

  @Test
  void set_faults_areToldWithTheOptionThatHasThem() {
    assertThat(
            faults(
                "seats=many",
                "mix.suger=1",
                "kooks.0=anna",
                "cooks.2=carl",
                "cooks.x.stars=1",
                "courses.0=soup",
                "mix.water=-1",
                "stove={gas-stove: {flames: no}}",
                "seed",
                "=1",
                "a..b=1",
                "open=[",
                "seed="))
        .containsExactly(
            "--set cooks.2=carl: index 2 into cooks (expected: 0 to 1)",
            "--set cooks.x.stars=1: index x into cooks (expected: 0 to 1)",
            "--set courses.0=soup: no list at courses in the recipe; set the whole list",
            "--set seed: no path (expected: path.to.key=value)",
            "--set =1: no path (expected: path.to.key=value)",
            "--set a..b=1: no path (expected: path.to.key=value)",
            "--set open=[: not YAML: expected the node content, but found '<stream end>', while"
                + " parsing a flow node",
            "--set seed=: not in the recipe (expected: a key to take away)",
            "--set kooks.0=anna: kooks: unknown key (did you mean 'cooks'?)",
            "--set seats=many: 'many' (expected: a whole number)",
            "--set stove={gas-stove: {flames: no}}: stove.gas-stove.flames: 'no' (expected: a"
                + " whole number)",
            "--set mix.suger=1: unknown key (did you mean 'sugar'?)",
            "--set mix.water=-1: -1.0 (expected: > 0)");
  }
}
