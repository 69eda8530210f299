package org.minip2p.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonTest {
    private static final String MODULE = "module a { exports a; }";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # before                                     | now                                                  | what is said
            class A { public void m() {} }               | class A { }                                          | incompatible: a.A.m(): method removed
            class A { public int m() {return 1;} }       | class A { public long m() {return 1;} }              | incompatible: a.A.m(): method return type changed from int to long
            class A { public Object m() {return 1;} }    | class A { public String m() {return "";} }           | incompatible: a.A.m(): method return type changed from java.lang.Object to java.lang.String
            class A { public void m() {} }               | class A { protected void m() {} }                    | incompatible: a.A.m(): method less accessible
            class A { public void m() {} }               | class A { public void m() throws Exception {} }      | incompatible: a.A.m(): method now throws checked exception
            class A { protected int f; }                 | class A { }                                          | incompatible: a.A.f: field removed
            class A { }                                  | final class A { }                                    | incompatible: a.A: class now not extendable
            class A { }                                  | sealed class A { static final class B extends A {} } | incompatible: a.A: now sealed
            class A { }                                  | class A { public A(int n) {} }                       | incompatible: a.A(): constructor removed
            record A(int i) { }                          | record A(int i, int j) { }                           | incompatible: a.A(int): constructor removed
            interface A { }                              | interface A { void m(); }                            | incompatible: a.A.m(): method added to interface
            interface A { }                              | interface A { default void m() {} }                  | addition: a.A.m(): new
            sealed interface A { record B() implements A {} } | sealed interface A { record B() implements A {} record C() implements A {} } | addition: a.A$C: new
            sealed interface A { record B() implements A { public void m() {} } } | sealed interface A { void m(); record B() implements A { public void m() {} } } | addition: a.A.m(): new
            enum A { X }                                 | enum A { X, Y }                                      | addition: a.A.Y: new
            enum A { X, Y }                              | enum A { X }                                         | incompatible: a.A.Y: field removed
            class A { }                                  | class A { public void m(int i, String[] s) {} }      | addition: a.A.m(int, java.lang.String[]): new
            class A { public static final int C = 1; }   | class A { public static final long C = 1; }          | incompatible: a.A.C: field type changed
            class A { public void m(java.util.List<String> l) {} } | class A { public void m(java.util.List<Integer> l) {} } | incompatible: a.A.m(java.util.List): method parameter generics changed
            class A { }                                  | @Deprecated class A { }                              | compatible: a.A: annotation deprecated added
            """)
    void aChangeOfATypeIsSaid(String before, String now, String said) throws IOException {
        assertThat(compare(Map.of("a/A.java", inA(before)), Map.of("a/A.java", inA(now))))
                .contains(said);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            class A { public void m() {} }               | class A { public void m() { System.gc(); } }
            class A { void m() {} private int f; }       | class A { }
            class A { private static class B {} }        | class A { }
            enum A { X; }                                | enum A { X; private int f; }
            class A { interface B { } public record C(int m) { } } | class A { interface B { } public record C(int m) { } private void n() {} }
            """)
    void whatUsersDoNotSeeIsNoChange(String before, String now) throws IOException {
        assertThat(compare(Map.of("a/A.java", inA(before)), Map.of("a/A.java", inA(now))))
                .isEmpty();
    }

    @Test
    void aSealedInterfaceMayDemandWhatItsTypesHave() throws IOException {
        assertThat(compare(
                        Map.of("a/A.java", inA("sealed interface A { record B(int m) implements A {} }")),
                        Map.of("a/A.java", inA("sealed interface A { int m(); record B(int m) implements A {} }"))))
                .containsExactly("addition: a.A.m(): new");
    }

    @Test
    void onlyExportedPackagesAreCompared() throws IOException {
        Map<String, String> before = Map.of(
                "module-info.java", MODULE, "a/A.java", inA("class A {}"), "b/B.java", "package b; public class B {}");
        Map<String, String> now = Map.of("module-info.java", MODULE, "a/A.java", inA("class A {}"));

        assertThat(compare(before, now)).isEmpty();
    }

    @Test
    void aModuleThatExportsNothingHasNoApi() throws IOException {
        assertThat(compare(
                        Map.of("module-info.java", "module a {}", "a/A.java", inA("class A {}")),
                        Map.of("module-info.java", "module a {}", "a/B.java", "package a; class B {}")))
                .isEmpty();
    }

    @Test
    void anExportThatIsGoneIsIncompatible() throws IOException {
        assertThat(compare(
                        Map.of("module-info.java", MODULE, "a/A.java", inA("class A {}")),
                        Map.of(
                                "module-info.java",
                                "module a { exports a to java.base; }",
                                "a/A.java",
                                inA("class A {}"))))
                .containsExactly("incompatible: package a: no longer exported to everybody");
    }

    @Test
    void aModuleThatIsNoLongerPassedOnIsIncompatible() throws IOException {
        assertThat(compare(
                        Map.of(
                                "module-info.java",
                                "module a { requires transitive java.sql; exports a; }",
                                "a/A.java",
                                inA("class A {}")),
                        Map.of(
                                "module-info.java",
                                "module a { requires java.sql; exports a; }",
                                "a/A.java",
                                inA("class A {}"))))
                .containsExactly("incompatible: module a: no longer requires transitive java.sql");
    }

    private static String inA(String type) {
        return "package a; "
                + (type.startsWith("@Deprecated") ? type.replace("class", "public class") : "public " + type);
    }

    private List<String> compare(Map<String, String> before, Map<String, String> now) throws IOException {
        Path old = Compiled.jar(folder.resolve("before.jar"), withModule(before));
        Path current = Compiled.jar(folder.resolve("now.jar"), withModule(now));
        return new Comparison(List.of(old), List.of(current))
                .compare(Library.read(old), Library.read(current)).stream()
                        .map(Change::toString)
                        .toList();
    }

    private static Map<String, String> withModule(Map<String, String> sources) {
        Map<String, String> all = new java.util.HashMap<>(sources);
        all.putIfAbsent("module-info.java", MODULE);
        return all;
    }
}
