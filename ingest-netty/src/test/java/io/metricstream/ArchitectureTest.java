package io.metricstream;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.metricstream.own.OwnedBy;
import org.junit.jupiter.api.Test;

/** The rules of the house that class files can show; each names the rooms that are exempt, and why. */
final class ArchitectureTest {
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.metricstream");

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(MAIN);
    }

    @Test
    void seesTheRoomsOfAllModules() {
        assertThat(MAIN.contain("io.metricstream.ring.WriteRing")).isTrue();
        assertThat(MAIN.stream().map(JavaClass::getName)).noneMatch(name -> name.endsWith("Test"));
    }

    @Test
    void roomsSeeOnlyTheRoomsTheyMay() {
        check(classes().should(new Rooms()));
    }

    @Test
    void roomsHaveNoCycles() {
        check(slices().matching("io.metricstream.(**)").should().beFreeOfCycles());
    }

    @Test
    void roomsAreNamedForTheDomain() {
        check(noClasses()
                .should()
                .resideInAnyPackage("..util..", "..utils..", "..common..", "..impl..", "..manager..", "..helper.."));
        check(noClasses().should().haveNameMatching(".*(Impl|Helper|Manager|Utils?)"));
    }

    @Test
    void nettyStaysInTheRoomsOfTheNetwork() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("io.metricstream.http..", "io.metricstream.load..", "io.metricstream.server..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty.."));
    }

    @Test
    void theCommandLineLibraryStaysInServer() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.metricstream.server..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli.."));
    }

    @Test
    void publicTypesAreUsedByAnotherRoom() {
        check(classes()
                .that()
                .arePublic()
                .and()
                .areTopLevelClasses()
                .and()
                .resideOutsideOfPackage("io.metricstream.own") // a vocabulary, whole even where a word is not used
                .and(describe("belong to a finished room", type -> !Rooms.UNFINISHED.contains(Rooms.roomOf(type))))
                .and()
                .doNotHaveFullyQualifiedName("io.metricstream.server.Main") // the JVM starts it
                .should(beUsedByAnotherRoom()));
    }

    @Test
    void onlyTheClocksOfModelReadTheTime() {
        ArchRule rule = noClasses()
                .that()
                .resideOutsideOfPackage("io.metricstream.model")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(java.time.LocalDateTime.class, "now");
        check(rule);
    }

    @Test
    void onlyConfigAndServerReadTheEnvironment() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("io.metricstream.config", "io.metricstream.server")
                .should()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .callMethod(System.class, "getProperty", String.class)
                .orShould()
                .callMethod(System.class, "getProperty", String.class, String.class)
                .orShould()
                .callMethod(Integer.class, "getInteger", String.class)
                .orShould()
                .callMethod(Boolean.class, "getBoolean", String.class));
    }

    @Test
    void noClassExtendsOneOfOursExceptExceptions() {
        check(classes().that().areNotAssignableTo(Throwable.class).should(notExtendOurs()));
    }

    @Test
    void mutableClassesSayWhoOwnsThem() {
        check(classes().that().areNotAssignableTo(Throwable.class).should(OwnershipConditions.sayWhoOwnsThem()));
    }

    @Test
    void ownedClassesHaveNothingForSeveralThreads() {
        check(classes()
                .that()
                .areAnnotatedWith(OwnedBy.class)
                .should(OwnershipConditions.haveNothingForSeveralThreads()));
    }

    @Test
    void buffersBetweenRoomsSayWhoKeepsThem() {
        check(methods()
                .that()
                .arePublic()
                .and()
                .areDeclaredInClassesThat()
                .arePublic()
                .should(OwnershipConditions.sayWhatBecomesOfBuffers()));
    }

    @Test
    void byteBufsStayWhereConnectionsAre() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("io.metricstream.http..", "io.metricstream.load..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty.buffer.."));
    }

    @Test
    void nobodyUsesUnsafe() {
        check(noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("sun.misc..").or(resideInAPackage("jdk.internal.."))));
    }

    @Test
    void staticsDoNotChange() {
        check(fields().that()
                .areStatic()
                .and(describe("are written in a source file", f -> !f.getName().contains("$")))
                .should()
                .beFinal());
    }

    private static ArchCondition<JavaClass> beUsedByAnotherRoom() {
        return new ArchCondition<>("be used by another room") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                String home = type.getPackageName();
                boolean used = type.getDirectDependenciesToSelf().stream()
                        .anyMatch(d -> !d.getOriginClass().getPackageName().equals(home));
                if (!used) {
                    events.add(SimpleConditionEvent.violated(
                            type, type.getName() + " is public, and no other room uses it"));
                }
            }
        };
    }

    private static ArchCondition<JavaClass> notExtendOurs() {
        return new ArchCondition<>("extend no class of ours") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean constantOfAnEnum =
                        type.getRawSuperclass().filter(JavaClass::isEnum).isPresent();
                type.getRawSuperclass()
                        .filter(parent -> parent.getPackageName().startsWith("io.metricstream") && !constantOfAnEnum)
                        .ifPresent(parent -> events.add(
                                SimpleConditionEvent.violated(type, type.getName() + " extends " + parent.getName())));
            }
        };
    }
}
