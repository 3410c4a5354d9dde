package dev.palate;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows between the rooms, as docs/design.md draws them. */
class StructureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.palate");

  @Test
  void roomsDependOnlyAlongTheDrawnArrows() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("application")
        .definedBy("dev.palate")
        .layer("reward")
        .definedBy("dev.palate.reward..")
        .layer("taste")
        .definedBy("dev.palate.taste..")
        .layer("user")
        .definedBy("dev.palate.user..")
        .layer("adaptation")
        .definedBy("dev.palate.adaptation..")
        .layer("scoring")
        .definedBy("dev.palate.scoring..")
        .layer("training")
        .definedBy("dev.palate.training..")
        .layer("evaluation")
        .definedBy("dev.palate.evaluation..")
        .layer("cli")
        .definedBy("dev.palate.cli..")
        .layer("studio")
        .definedBy("dev.palate.studio..")
        .layer("platform")
        .definedBy("dev.palate.platform..")
        .whereLayer("reward")
        .mayOnlyAccessLayers("platform")
        .whereLayer("taste")
        .mayNotAccessAnyLayer()
        .whereLayer("user")
        .mayOnlyAccessLayers("reward", "taste", "platform")
        .whereLayer("adaptation")
        .mayOnlyAccessLayers("reward", "taste", "user", "platform")
        .whereLayer("scoring")
        .mayOnlyAccessLayers("reward", "taste", "user", "platform")
        .whereLayer("training")
        .mayOnlyAccessLayers("reward", "taste", "platform")
        .whereLayer("evaluation")
        .mayOnlyAccessLayers("training", "reward", "taste", "platform")
        .whereLayer("cli")
        .mayOnlyAccessLayers("platform")
        .whereLayer("studio")
        .mayOnlyAccessLayers("platform")
        .whereLayer("platform")
        .mayNotAccessAnyLayer()
        .withOptionalLayers(true)
        .check(CLASSES);
  }

  @Test
  void roomsHaveNoCycles() {
    slices().matching("dev.palate.(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}
