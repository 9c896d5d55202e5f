package io.kscribe;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.kscribe.cli.Kscribe;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/** The house and its rooms: which module may know which, and what belongs in one room only. */
@AnalyzeClasses(packages = "io.kscribe", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    /** The two classes that Java is started with: the command line, and the broker that it starts as a child. */
    private static final DescribedPredicate<JavaClass> ARE_PROGRAMS = DescribedPredicate.describe(
            "are programs",
            type -> Set.of(Kscribe.class.getName(), "io.kscribe.broker.BrokerProcess")
                    .contains(type.getName()));

    @ArchTest
    static void shouldSeeAllModules(JavaClasses kscribe) {
        Set<Module> seen =
                kscribe.stream().map(Module::of).collect(Collectors.toCollection(() -> EnumSet.noneOf(Module.class)));

        assertThat(seen).containsExactly(Module.values());
    }

    @ArchTest
    static final ArchRule modulesKnowOnlyWhoTheyMay = classes()
            .should(new ArchCondition<>("know only modules they may") {
                @Override
                public void check(JavaClass owner, ConditionEvents events) {
                    Module module = Module.of(owner);
                    for (Dependency dependency : owner.getDirectDependenciesFromSelf()) {
                        JavaClass target = dependency.getTargetClass();
                        if (isKscribes(target) && !module.mayKnow(Module.of(target))) {
                            events.add(SimpleConditionEvent.violated(
                                    owner,
                                    module + " may not know " + Module.of(target) + ": "
                                            + dependency.getDescription()));
                        }
                    }
                }
            });

    @ArchTest
    static final ArchRule internalPackagesAreNamedInTheirModuleOnly = classes()
            .should(new ArchCondition<>("name no other module's internal packages") {
                @Override
                public void check(JavaClass owner, ConditionEvents events) {
                    for (Dependency dependency : owner.getDirectDependenciesFromSelf()) {
                        JavaClass target = dependency.getTargetClass();
                        if (isKscribes(target)
                                && resideInAPackage("..internal..").test(target)
                                && Module.of(target) != Module.of(owner)) {
                            events.add(SimpleConditionEvent.violated(owner, dependency.getDescription()));
                        }
                    }
                }
            });

    @ArchTest
    static final ArchRule packagesAreInOneModule = classes()
            .should(new ArchCondition<>("share packages with no other module") {
                @Override
                public void check(JavaClass owner, ConditionEvents events) {
                    for (JavaClass neighbour : owner.getPackage().getClasses()) {
                        if (Module.of(neighbour) != Module.of(owner)) {
                            events.add(SimpleConditionEvent.violated(
                                    owner,
                                    owner.getName() + " and " + neighbour.getName() + " are in different modules"));
                        }
                    }
                }
            });

    @ArchTest
    static final ArchRule packagesAreFreeOfCycles =
            slices().matching("io.kscribe.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule schemasStandAlone = classes()
            .that(are(Module.SCHEMAS))
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "io.kscribe.schema..",
                    "java..",
                    "org.apache.avro..",
                    "org.apache.kafka.common..",
                    "org.jspecify.annotations.."));

    @ArchTest
    static final ArchRule frontendKnowsNoKafkaAndNoOnnx = noClasses()
            .that(are(Module.AUDIO_FRONTEND))
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("org.apache.kafka..", "org.apache.avro..", "ai.onnxruntime..", "ai.onnx.."));

    @ArchTest
    static final ArchRule modelKnowsNoKafka = noClasses()
            .that(are(Module.ASR_MODEL))
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.apache.kafka..", "org.apache.avro.."));

    @ArchTest
    static final ArchRule onlyTheFrontendKnowsTarsosDsp = noClasses()
            .that(areNot(Module.AUDIO_FRONTEND))
            .should()
            .dependOnClassesThat(resideInAPackage("be.tarsos.."));

    @ArchTest
    static final ArchRule onlyTheModelKnowsOnnx = noClasses()
            .that(areNot(Module.ASR_MODEL))
            .should()
            .dependOnClassesThat(resideInAnyPackage("ai.onnxruntime..", "ai.onnx..", "org.tribuo.."));

    @ArchTest
    static final ArchRule onlyTheCommandLineKnowsPicocli = noClasses()
            .that()
            .resideOutsideOfPackage("io.kscribe.cli..")
            .should()
            .dependOnClassesThat(resideInAPackage("picocli.."));

    @ArchTest
    static final ArchRule nobodyKnowsTheCommandLine = noClasses()
            .that()
            .resideOutsideOfPackage("io.kscribe.cli..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.kscribe.cli.."));

    @ArchTest
    static final ArchRule onlyWhatIsServedKnowsTheServer = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.kscribe.web..", "io.kscribe.gateway..", "io.kscribe.console..", "io.kscribe.operations..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.javalin..", "org.eclipse.jetty..", "jakarta.."));

    @ArchTest
    static final ArchRule theServerKnowsNothingThatIsServed = classes()
            .that()
            .resideInAPackage("io.kscribe.web..")
            .should()
            .onlyDependOnClassesThat(resideOutsideOfPackage("io.kscribe..")
                    .or(resideInAnyPackage("io.kscribe.web..", "io.kscribe.limits..")));

    @ArchTest
    static final ArchRule onlyProgramsEndTheirProcess = noClasses()
            .that(DescribedPredicate.not(ARE_PROGRAMS))
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "halt", int.class);

    @ArchTest
    static final ArchRule onlyConsolesUseStandardStreams = noClasses()
            .that(resideOutsideOfPackage("io.kscribe.cli..")
                    .and(DescribedPredicate.not(ARE_PROGRAMS))
                    .and(DescribedPredicate.not(simpleName("ConsoleProgress"))))
            .should(ACCESS_STANDARD_STREAMS);

    @ArchTest
    static final ArchRule logsGoThroughSlf4j = noClasses().should(USE_JAVA_UTIL_LOGGING);

    @ArchTest
    static final ArchRule staticStateDoesNotChange = fields().that()
            .areStatic()
            .and()
            .areDeclaredInClassesThat(resideOutsideOfPackage("io.kscribe.schema"))
            .should()
            .beFinal();

    @ArchTest
    static void shouldExplainEveryPackage(JavaClasses kscribe) {
        Set<JavaPackage> rooms = kscribe.stream().map(JavaClass::getPackage).collect(Collectors.toSet());

        assertThat(rooms)
                .isNotEmpty()
                .allSatisfy(room -> assertThat(room.isAnnotatedWith(NullMarked.class))
                        .as("%s has a package-info.java that is @NullMarked", room.getName())
                        .isTrue());
    }

    private static boolean isKscribes(JavaClass type) {
        return type.getBaseComponentType().getPackageName().startsWith("io.kscribe");
    }

    private static DescribedPredicate<JavaClass> are(Module module) {
        return DescribedPredicate.describe("are of " + module, type -> Module.of(type) == module);
    }

    private static DescribedPredicate<JavaClass> areNot(Module module) {
        return DescribedPredicate.not(are(module));
    }
}
