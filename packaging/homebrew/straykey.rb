# A template: packaging/homebrew/fill.sh puts in what stands between the at signs.
class Straykey < Formula
  desc "Finds the credentials an AI agent can pick up, and says what each one can do"
  homepage "https://github.com/@REPOSITORY@"
  version "@VERSION@"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "https://github.com/@REPOSITORY@/releases/download/v@VERSION@/straykey-@VERSION@-aarch64-apple-darwin.tar.gz"
      sha256 "@SHA256:aarch64-apple-darwin@"
    end
    on_intel do
      url "https://github.com/@REPOSITORY@/releases/download/v@VERSION@/straykey-@VERSION@-x86_64-apple-darwin.tar.gz"
      sha256 "@SHA256:x86_64-apple-darwin@"
    end
  end

  on_linux do
    on_arm do
      url "https://github.com/@REPOSITORY@/releases/download/v@VERSION@/straykey-@VERSION@-aarch64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256:aarch64-unknown-linux-musl@"
    end
    on_intel do
      url "https://github.com/@REPOSITORY@/releases/download/v@VERSION@/straykey-@VERSION@-x86_64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256:x86_64-unknown-linux-musl@"
    end
  end

  def install
    bin.install "straykey"
    man1.install "man/straykey.1"
    bash_completion.install "completions/straykey.bash" => "straykey"
    zsh_completion.install "completions/_straykey"
    fish_completion.install "completions/straykey.fish"
  end

  test do
    assert_equal "straykey #{version}", shell_output("#{bin}/straykey --version").chomp
    (testpath/"clean/file.txt").write "nothing to see\n"
    system bin/"straykey", "scan", "--no-progress", "clean"
    (testpath/"empty").mkpath
    shell_output("#{bin}/straykey scan --no-progress empty", 3)
  end
end
