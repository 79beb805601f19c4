//! Lucide icons by name.

use std::sync::LazyLock;

use icondata_core::Icon;

macro_rules! icons {
    ($($name:ident)*) => {
        /// Every icon by its name in code, in the order of the names in lower case.
        static ICONS: &[(&str, Icon)] = &[$((stringify!($name), icondata_lu::$name)),*];
    };
}

/// An icon by its name at lucide.dev (`file-text`); hyphens and capitals do not matter.
pub fn find(name: &str) -> Option<Icon> {
    let typed = name.bytes().filter(u8::is_ascii_alphanumeric).map(|b| b.to_ascii_lowercase());
    let found = ICONS.binary_search_by(|(known, _)| {
        known.bytes().skip(2).map(|b| b.to_ascii_lowercase()).cmp(typed.clone())
    });
    found.ok().map(|i| ICONS[i].1)
}

/// All names as at lucide.dev, for hints.
pub fn names() -> &'static [String] {
    static NAMES: LazyLock<Vec<String>> =
        LazyLock::new(|| ICONS.iter().map(|(name, _)| with_hyphens(&name[2..])).collect());
    &NAMES
}

/// Appends the icon in line with text, in the text's colour and size, hidden from screen readers.
pub fn push_svg(html: &mut String, icon: Icon) {
    html.push_str("<svg class=\"icon\" aria-hidden=\"true\" focusable=\"false\"");
    let attributes = [
        ("viewBox", icon.view_box),
        ("fill", icon.fill),
        ("stroke", icon.stroke),
        ("stroke-width", icon.stroke_width),
        ("stroke-linecap", icon.stroke_linecap),
        ("stroke-linejoin", icon.stroke_linejoin),
    ];
    for (name, value) in attributes {
        if let Some(value) = value {
            html.push(' ');
            html.push_str(name);
            html.push_str("=\"");
            html.push_str(value);
            html.push('"');
        }
    }
    html.push('>');
    icon.data.lines().for_each(|line| html.push_str(line));
    html.push_str("</svg>");
}

/// `FileText2` as `file-text-2`.
fn with_hyphens(name: &str) -> String {
    let mut hyphened = String::with_capacity(name.len() + 4);
    let mut before = None;
    for c in name.chars() {
        let digit_begins = c.is_ascii_digit() && before.is_some_and(|b: char| !b.is_ascii_digit());
        if before.is_some() && (c.is_ascii_uppercase() || digit_begins) {
            hyphened.push('-');
        }
        hyphened.push(c.to_ascii_lowercase());
        before = Some(c);
    }
    hyphened
}

icons! {
    LuAArrowDown LuAArrowUp LuAccessibility LuActivity LuAirplay LuAirVent LuALargeSmall
    LuAlarmClock LuAlarmClockCheck LuAlarmClockMinus LuAlarmClockOff LuAlarmClockPlus LuAlarmSmoke
    LuAlbum LuAlignCenter LuAlignCenterHorizontal LuAlignCenterVertical LuAlignEndHorizontal
    LuAlignEndVertical LuAlignHorizontalDistributeCenter LuAlignHorizontalDistributeEnd
    LuAlignHorizontalDistributeStart LuAlignHorizontalJustifyCenter LuAlignHorizontalJustifyEnd
    LuAlignHorizontalJustifyStart LuAlignHorizontalSpaceAround LuAlignHorizontalSpaceBetween
    LuAlignJustify LuAlignLeft LuAlignRight LuAlignStartHorizontal LuAlignStartVertical
    LuAlignVerticalDistributeCenter LuAlignVerticalDistributeEnd LuAlignVerticalDistributeStart
    LuAlignVerticalJustifyCenter LuAlignVerticalJustifyEnd LuAlignVerticalJustifyStart
    LuAlignVerticalSpaceAround LuAlignVerticalSpaceBetween LuAmbulance LuAmpersand LuAmpersands
    LuAmphora LuAnchor LuAngry LuAnnoyed LuAntenna LuAnvil LuAperture LuApple LuAppWindow
    LuAppWindowMac LuArchive LuArchiveRestore LuArchiveX LuArmchair LuArrowBigDown
    LuArrowBigDownDash LuArrowBigLeft LuArrowBigLeftDash LuArrowBigRight LuArrowBigRightDash
    LuArrowBigUp LuArrowBigUpDash LuArrowDown LuArrowDown01 LuArrowDown10 LuArrowDownAZ
    LuArrowDownFromLine LuArrowDownLeft LuArrowDownNarrowWide LuArrowDownRight LuArrowDownToDot
    LuArrowDownToLine LuArrowDownUp LuArrowDownWideNarrow LuArrowDownZA LuArrowLeft
    LuArrowLeftFromLine LuArrowLeftRight LuArrowLeftToLine LuArrowRight LuArrowRightFromLine
    LuArrowRightLeft LuArrowRightToLine LuArrowsUpFromLine LuArrowUp LuArrowUp01 LuArrowUp10
    LuArrowUpAZ LuArrowUpDown LuArrowUpFromDot LuArrowUpFromLine LuArrowUpLeft LuArrowUpNarrowWide
    LuArrowUpRight LuArrowUpToLine LuArrowUpWideNarrow LuArrowUpZA LuAsterisk LuAtom LuAtSign
    LuAudioLines LuAudioWaveform LuAward LuAxe LuAxis3d LuBaby LuBackpack LuBadge LuBadgeAlert
    LuBadgeCent LuBadgeCheck LuBadgeDollarSign LuBadgeEuro LuBadgeHelp LuBadgeIndianRupee
    LuBadgeInfo LuBadgeJapaneseYen LuBadgeMinus LuBadgePercent LuBadgePlus LuBadgePoundSterling
    LuBadgeRussianRuble LuBadgeSwissFranc LuBadgeX LuBaggageClaim LuBan LuBanana LuBandage
    LuBanknote LuBanknoteArrowDown LuBanknoteArrowUp LuBanknoteX LuBarcode LuBaseline LuBath
    LuBattery LuBatteryCharging LuBatteryFull LuBatteryLow LuBatteryMedium LuBatteryPlus
    LuBatteryWarning LuBeaker LuBean LuBeanOff LuBed LuBedDouble LuBedSingle LuBeef LuBeer
    LuBeerOff LuBell LuBellDot LuBellElectric LuBellMinus LuBellOff LuBellPlus LuBellRing
    LuBetweenHorizontalEnd LuBetweenHorizontalStart LuBetweenVerticalEnd LuBetweenVerticalStart
    LuBicepsFlexed LuBike LuBinary LuBinoculars LuBiohazard LuBird LuBitcoin LuBlend LuBlinds
    LuBlocks LuBluetooth LuBluetoothConnected LuBluetoothOff LuBluetoothSearching LuBold LuBolt
    LuBomb LuBone LuBook LuBookA LuBookAudio LuBookCheck LuBookCopy LuBookDashed LuBookDown
    LuBookHeadphones LuBookHeart LuBookImage LuBookKey LuBookLock LuBookmark LuBookmarkCheck
    LuBookMarked LuBookmarkMinus LuBookmarkPlus LuBookmarkX LuBookMinus LuBookOpen LuBookOpenCheck
    LuBookOpenText LuBookPlus LuBookText LuBookType LuBookUp LuBookUp2 LuBookUser LuBookX LuBoomBox
    LuBot LuBotMessageSquare LuBotOff LuBowArrow LuBox LuBoxes LuBraces LuBrackets LuBrain
    LuBrainCircuit LuBrainCog LuBrickWall LuBrickWallFire LuBriefcase LuBriefcaseBusiness
    LuBriefcaseConveyorBelt LuBriefcaseMedical LuBringToFront LuBrush LuBrushCleaning LuBubbles
    LuBug LuBugOff LuBugPlay LuBuilding LuBuilding2 LuBus LuBusFront LuCable LuCableCar LuCake
    LuCakeSlice LuCalculator LuCalendar LuCalendar1 LuCalendarArrowDown LuCalendarArrowUp
    LuCalendarCheck LuCalendarCheck2 LuCalendarClock LuCalendarCog LuCalendarDays LuCalendarFold
    LuCalendarHeart LuCalendarMinus LuCalendarMinus2 LuCalendarOff LuCalendarPlus LuCalendarPlus2
    LuCalendarRange LuCalendarSearch LuCalendarSync LuCalendarX LuCalendarX2 LuCamera LuCameraOff
    LuCandy LuCandyCane LuCandyOff LuCannabis LuCaptions LuCaptionsOff LuCar LuCaravan LuCardSim
    LuCarFront LuCarrot LuCarTaxiFront LuCaseLower LuCaseSensitive LuCaseUpper LuCassetteTape
    LuCast LuCastle LuCat LuCctv LuChartArea LuChartBar LuChartBarBig LuChartBarDecreasing
    LuChartBarIncreasing LuChartBarStacked LuChartCandlestick LuChartColumn LuChartColumnBig
    LuChartColumnDecreasing LuChartColumnIncreasing LuChartColumnStacked LuChartGantt LuChartLine
    LuChartNetwork LuChartNoAxesColumn LuChartNoAxesColumnDecreasing LuChartNoAxesColumnIncreasing
    LuChartNoAxesCombined LuChartNoAxesGantt LuChartPie LuChartScatter LuChartSpline LuCheck
    LuCheckCheck LuCheckLine LuChefHat LuCherry LuChevronDown LuChevronFirst LuChevronLast
    LuChevronLeft LuChevronRight LuChevronsDown LuChevronsDownUp LuChevronsLeft LuChevronsLeftRight
    LuChevronsLeftRightEllipsis LuChevronsRight LuChevronsRightLeft LuChevronsUp LuChevronsUpDown
    LuChevronUp LuChrome LuChurch LuCigarette LuCigaretteOff LuCircle LuCircleAlert
    LuCircleArrowDown LuCircleArrowLeft LuCircleArrowOutDownLeft LuCircleArrowOutDownRight
    LuCircleArrowOutUpLeft LuCircleArrowOutUpRight LuCircleArrowRight LuCircleArrowUp LuCircleCheck
    LuCircleCheckBig LuCircleChevronDown LuCircleChevronLeft LuCircleChevronRight LuCircleChevronUp
    LuCircleDashed LuCircleDivide LuCircleDollarSign LuCircleDot LuCircleDotDashed LuCircleEllipsis
    LuCircleEqual LuCircleFadingArrowUp LuCircleFadingPlus LuCircleGauge LuCircleHelp LuCircleMinus
    LuCircleOff LuCircleParking LuCircleParkingOff LuCirclePause LuCirclePercent LuCirclePlay
    LuCirclePlus LuCirclePoundSterling LuCirclePower LuCircleSlash LuCircleSlash2 LuCircleSmall
    LuCircleStop LuCircleUser LuCircleUserRound LuCircleX LuCircuitBoard LuCitrus LuClapperboard
    LuClipboard LuClipboardCheck LuClipboardCopy LuClipboardList LuClipboardMinus LuClipboardPaste
    LuClipboardPen LuClipboardPenLine LuClipboardPlus LuClipboardType LuClipboardX LuClock LuClock1
    LuClock10 LuClock11 LuClock12 LuClock2 LuClock3 LuClock4 LuClock5 LuClock6 LuClock7 LuClock8
    LuClock9 LuClockAlert LuClockArrowDown LuClockArrowUp LuClockFading LuClockPlus LuCloud
    LuCloudAlert LuCloudCheck LuCloudCog LuCloudDownload LuCloudDrizzle LuCloudFog LuCloudHail
    LuCloudLightning LuCloudMoon LuCloudMoonRain LuCloudOff LuCloudRain LuCloudRainWind LuCloudSnow
    LuCloudSun LuCloudSunRain LuCloudUpload LuCloudy LuClover LuClub LuCode LuCodepen LuCodesandbox
    LuCodeXml LuCoffee LuCog LuCoins LuColumns2 LuColumns3 LuColumns3Cog LuColumns4 LuCombine
    LuCommand LuCompass LuComponent LuComputer LuConciergeBell LuCone LuConstruction LuContact
    LuContactRound LuContainer LuContrast LuCookie LuCookingPot LuCopy LuCopyCheck LuCopyleft
    LuCopyMinus LuCopyPlus LuCopyright LuCopySlash LuCopyX LuCornerDownLeft LuCornerDownRight
    LuCornerLeftDown LuCornerLeftUp LuCornerRightDown LuCornerRightUp LuCornerUpLeft
    LuCornerUpRight LuCpu LuCreativeCommons LuCreditCard LuCroissant LuCrop LuCross LuCrosshair
    LuCrown LuCuboid LuCupSoda LuCurrency LuCylinder LuDam LuDatabase LuDatabaseBackup
    LuDatabaseZap LuDecimalsArrowLeft LuDecimalsArrowRight LuDelete LuDessert LuDiameter LuDiamond
    LuDiamondMinus LuDiamondPercent LuDiamondPlus LuDice1 LuDice2 LuDice3 LuDice4 LuDice5 LuDice6
    LuDices LuDiff LuDisc LuDisc2 LuDisc3 LuDiscAlbum LuDivide LuDna LuDnaOff LuDock LuDog
    LuDollarSign LuDonut LuDoorClosed LuDoorClosedLocked LuDoorOpen LuDot LuDownload
    LuDraftingCompass LuDrama LuDribbble LuDrill LuDroplet LuDropletOff LuDroplets LuDrum
    LuDrumstick LuDumbbell LuEar LuEarOff LuEarth LuEarthLock LuEclipse LuEgg LuEggFried LuEggOff
    LuEllipsis LuEllipsisVertical LuEqual LuEqualApproximately LuEqualNot LuEraser LuEthernetPort
    LuEuro LuExpand LuExternalLink LuEye LuEyeClosed LuEyeOff LuFacebook LuFactory LuFan
    LuFastForward LuFeather LuFence LuFerrisWheel LuFigma LuFile LuFileArchive LuFileAudio
    LuFileAudio2 LuFileAxis3d LuFileBadge LuFileBadge2 LuFileBox LuFileChartColumn
    LuFileChartColumnIncreasing LuFileChartLine LuFileChartPie LuFileCheck LuFileCheck2 LuFileClock
    LuFileCode LuFileCode2 LuFileCog LuFileDiff LuFileDigit LuFileDown LuFileHeart LuFileImage
    LuFileInput LuFileJson LuFileJson2 LuFileKey LuFileKey2 LuFileLock LuFileLock2 LuFileMinus
    LuFileMinus2 LuFileMusic LuFileOutput LuFilePen LuFilePenLine LuFilePlus LuFilePlus2
    LuFileQuestion LuFiles LuFileScan LuFileSearch LuFileSearch2 LuFileSliders LuFileSpreadsheet
    LuFileStack LuFileSymlink LuFileTerminal LuFileText LuFileType LuFileType2 LuFileUp LuFileUser
    LuFileVideo LuFileVideo2 LuFileVolume LuFileVolume2 LuFileWarning LuFileX LuFileX2 LuFilm
    LuFingerprint LuFireExtinguisher LuFish LuFishOff LuFishSymbol LuFlag LuFlagOff
    LuFlagTriangleLeft LuFlagTriangleRight LuFlame LuFlameKindling LuFlashlight LuFlashlightOff
    LuFlaskConical LuFlaskConicalOff LuFlaskRound LuFlipHorizontal LuFlipHorizontal2 LuFlipVertical
    LuFlipVertical2 LuFlower LuFlower2 LuFocus LuFolder LuFolderArchive LuFolderCheck LuFolderClock
    LuFolderClosed LuFolderCode LuFolderCog LuFolderDot LuFolderDown LuFolderGit LuFolderGit2
    LuFolderHeart LuFolderInput LuFolderKanban LuFolderKey LuFolderLock LuFolderMinus LuFolderOpen
    LuFolderOpenDot LuFolderOutput LuFolderPen LuFolderPlus LuFolderRoot LuFolders LuFolderSearch
    LuFolderSearch2 LuFolderSymlink LuFolderSync LuFolderTree LuFolderUp LuFolderX LuFoldHorizontal
    LuFoldVertical LuFootprints LuForklift LuForward LuFrame LuFramer LuFrown LuFuel LuFullscreen
    LuFunnel LuFunnelPlus LuFunnelX LuGalleryHorizontal LuGalleryHorizontalEnd LuGalleryThumbnails
    LuGalleryVertical LuGalleryVerticalEnd LuGamepad LuGamepad2 LuGauge LuGavel LuGem LuGhost
    LuGift LuGitBranch LuGitBranchPlus LuGitCommitHorizontal LuGitCommitVertical LuGitCompare
    LuGitCompareArrows LuGitFork LuGitGraph LuGithub LuGitlab LuGitMerge LuGitPullRequest
    LuGitPullRequestArrow LuGitPullRequestClosed LuGitPullRequestCreate LuGitPullRequestCreateArrow
    LuGitPullRequestDraft LuGlasses LuGlassWater LuGlobe LuGlobeLock LuGoal LuGpu LuGrab
    LuGraduationCap LuGrape LuGrid2x2 LuGrid2x2Check LuGrid2x2Plus LuGrid2x2X LuGrid3x2 LuGrid3x3
    LuGrip LuGripHorizontal LuGripVertical LuGroup LuGuitar LuHam LuHamburger LuHammer LuHand
    LuHandCoins LuHandHeart LuHandHelping LuHandMetal LuHandPlatter LuHandshake LuHardDrive
    LuHardDriveDownload LuHardDriveUpload LuHardHat LuHash LuHaze LuHdmiPort LuHeading LuHeading1
    LuHeading2 LuHeading3 LuHeading4 LuHeading5 LuHeading6 LuHeadphoneOff LuHeadphones LuHeadset
    LuHeart LuHeartCrack LuHeartHandshake LuHeartMinus LuHeartOff LuHeartPlus LuHeartPulse LuHeater
    LuHexagon LuHighlighter LuHistory LuHop LuHopOff LuHospital LuHotel LuHourglass LuHouse
    LuHousePlug LuHousePlus LuHouseWifi LuIceCreamBowl LuIceCreamCone LuIdCard LuIdCardLanyard
    LuImage LuImageDown LuImageMinus LuImageOff LuImagePlay LuImagePlus LuImages LuImageUp
    LuImageUpscale LuImport LuInbox LuIndentDecrease LuIndentIncrease LuIndianRupee LuInfinity
    LuInfo LuInspectionPanel LuInstagram LuItalic LuIterationCcw LuIterationCw LuJapaneseYen
    LuJoystick LuKanban LuKey LuKeyboard LuKeyboardMusic LuKeyboardOff LuKeyRound LuKeySquare
    LuLamp LuLampCeiling LuLampDesk LuLampFloor LuLampWallDown LuLampWallUp LuLandmark LuLandPlot
    LuLanguages LuLaptop LuLaptopMinimal LuLaptopMinimalCheck LuLasso LuLassoSelect LuLaugh
    LuLayers LuLayers2 LuLayoutDashboard LuLayoutGrid LuLayoutList LuLayoutPanelLeft
    LuLayoutPanelTop LuLayoutTemplate LuLeaf LuLeafyGreen LuLectern LuLetterText LuLibrary
    LuLibraryBig LuLifeBuoy LuLigature LuLightbulb LuLightbulbOff LuLink LuLink2 LuLink2Off
    LuLinkedin LuList LuListCheck LuListChecks LuListCollapse LuListEnd LuListFilter
    LuListFilterPlus LuListMinus LuListMusic LuListOrdered LuListPlus LuListRestart LuListStart
    LuListTodo LuListTree LuListVideo LuListX LuLoader LuLoaderCircle LuLoaderPinwheel LuLocate
    LuLocateFixed LuLocateOff LuLocationEdit LuLock LuLockKeyhole LuLockKeyholeOpen LuLockOpen
    LuLogIn LuLogOut LuLogs LuLollipop LuLuggage LuMagnet LuMail LuMailbox LuMailCheck LuMailMinus
    LuMailOpen LuMailPlus LuMailQuestion LuMails LuMailSearch LuMailWarning LuMailX LuMap LuMapPin
    LuMapPinCheck LuMapPinCheckInside LuMapPinHouse LuMapPinMinus LuMapPinMinusInside LuMapPinned
    LuMapPinOff LuMapPinPlus LuMapPinPlusInside LuMapPinX LuMapPinXInside LuMapPlus LuMars
    LuMarsStroke LuMartini LuMaximize LuMaximize2 LuMedal LuMegaphone LuMegaphoneOff LuMeh
    LuMemoryStick LuMenu LuMerge LuMessageCircle LuMessageCircleCode LuMessageCircleDashed
    LuMessageCircleHeart LuMessageCircleMore LuMessageCircleOff LuMessageCirclePlus
    LuMessageCircleQuestion LuMessageCircleReply LuMessageCircleWarning LuMessageCircleX
    LuMessageSquare LuMessageSquareCode LuMessageSquareDashed LuMessageSquareDiff
    LuMessageSquareDot LuMessageSquareHeart LuMessageSquareLock LuMessageSquareMore
    LuMessageSquareOff LuMessageSquarePlus LuMessageSquareQuote LuMessageSquareReply
    LuMessageSquareShare LuMessageSquareText LuMessageSquareWarning LuMessageSquareX
    LuMessagesSquare LuMic LuMicOff LuMicrochip LuMicroscope LuMicrowave LuMicVocal LuMilestone
    LuMilk LuMilkOff LuMinimize LuMinimize2 LuMinus LuMonitor LuMonitorCheck LuMonitorCog
    LuMonitorDot LuMonitorDown LuMonitorOff LuMonitorPause LuMonitorPlay LuMonitorSmartphone
    LuMonitorSpeaker LuMonitorStop LuMonitorUp LuMonitorX LuMoon LuMoonStar LuMountain
    LuMountainSnow LuMouse LuMouseOff LuMousePointer LuMousePointer2 LuMousePointerBan
    LuMousePointerClick LuMove LuMove3d LuMoveDiagonal LuMoveDiagonal2 LuMoveDown LuMoveDownLeft
    LuMoveDownRight LuMoveHorizontal LuMoveLeft LuMoveRight LuMoveUp LuMoveUpLeft LuMoveUpRight
    LuMoveVertical LuMusic LuMusic2 LuMusic3 LuMusic4 LuNavigation LuNavigation2 LuNavigation2Off
    LuNavigationOff LuNetwork LuNewspaper LuNfc LuNonBinary LuNotebook LuNotebookPen LuNotebookTabs
    LuNotebookText LuNotepadText LuNotepadTextDashed LuNut LuNutOff LuOctagon LuOctagonAlert
    LuOctagonMinus LuOctagonPause LuOctagonX LuOmega LuOption LuOrbit LuOrigami LuPackage
    LuPackage2 LuPackageCheck LuPackageMinus LuPackageOpen LuPackagePlus LuPackageSearch LuPackageX
    LuPaintbrush LuPaintbrushVertical LuPaintBucket LuPaintRoller LuPalette LuPanda LuPanelBottom
    LuPanelBottomClose LuPanelBottomDashed LuPanelBottomOpen LuPanelLeft LuPanelLeftClose
    LuPanelLeftDashed LuPanelLeftOpen LuPanelRight LuPanelRightClose LuPanelRightDashed
    LuPanelRightOpen LuPanelsLeftBottom LuPanelsRightBottom LuPanelsTopLeft LuPanelTop
    LuPanelTopClose LuPanelTopDashed LuPanelTopOpen LuPaperclip LuParentheses LuParkingMeter
    LuPartyPopper LuPause LuPawPrint LuPcCase LuPen LuPencil LuPencilLine LuPencilOff LuPencilRuler
    LuPenLine LuPenOff LuPentagon LuPenTool LuPercent LuPersonStanding LuPhilippinePeso LuPhone
    LuPhoneCall LuPhoneForwarded LuPhoneIncoming LuPhoneMissed LuPhoneOff LuPhoneOutgoing LuPi
    LuPiano LuPickaxe LuPictureInPicture LuPictureInPicture2 LuPiggyBank LuPilcrow LuPilcrowLeft
    LuPilcrowRight LuPill LuPillBottle LuPin LuPinOff LuPipette LuPizza LuPlane LuPlaneLanding
    LuPlaneTakeoff LuPlay LuPlug LuPlug2 LuPlugZap LuPlus LuPocket LuPocketKnife LuPodcast
    LuPointer LuPointerOff LuPopcorn LuPopsicle LuPoundSterling LuPower LuPowerOff LuPresentation
    LuPrinter LuPrinterCheck LuProjector LuProportions LuPuzzle LuPyramid LuQrCode LuQuote LuRabbit
    LuRadar LuRadiation LuRadical LuRadio LuRadioReceiver LuRadioTower LuRadius LuRailSymbol
    LuRainbow LuRat LuRatio LuReceipt LuReceiptCent LuReceiptEuro LuReceiptIndianRupee
    LuReceiptJapaneseYen LuReceiptPoundSterling LuReceiptRussianRuble LuReceiptSwissFranc
    LuReceiptText LuRectangleEllipsis LuRectangleGoggles LuRectangleHorizontal LuRectangleVertical
    LuRecycle LuRedo LuRedo2 LuRedoDot LuRefreshCcw LuRefreshCcwDot LuRefreshCw LuRefreshCwOff
    LuRefrigerator LuRegex LuRemoveFormatting LuRepeat LuRepeat1 LuRepeat2 LuReplace LuReplaceAll
    LuReply LuReplyAll LuRewind LuRibbon LuRocket LuRockingChair LuRollerCoaster LuRotate3d
    LuRotateCcw LuRotateCcwKey LuRotateCcwSquare LuRotateCw LuRotateCwSquare LuRoute LuRouteOff
    LuRouter LuRows2 LuRows3 LuRows4 LuRss LuRuler LuRulerDimensionLine LuRussianRuble LuSailboat
    LuSalad LuSandwich LuSatellite LuSatelliteDish LuSaudiRiyal LuSave LuSaveAll LuSaveOff LuScale
    LuScale3d LuScaling LuScan LuScanBarcode LuScanEye LuScanFace LuScanHeart LuScanLine
    LuScanQrCode LuScanSearch LuScanText LuSchool LuScissors LuScissorsLineDashed LuScreenShare
    LuScreenShareOff LuScroll LuScrollText LuSearch LuSearchCheck LuSearchCode LuSearchSlash
    LuSearchX LuSection LuSend LuSendHorizontal LuSendToBack LuSeparatorHorizontal
    LuSeparatorVertical LuServer LuServerCog LuServerCrash LuServerOff LuSettings LuSettings2
    LuShapes LuShare LuShare2 LuSheet LuShell LuShield LuShieldAlert LuShieldBan LuShieldCheck
    LuShieldEllipsis LuShieldHalf LuShieldMinus LuShieldOff LuShieldPlus LuShieldQuestion
    LuShieldUser LuShieldX LuShip LuShipWheel LuShirt LuShoppingBag LuShoppingBasket LuShoppingCart
    LuShovel LuShowerHead LuShredder LuShrimp LuShrink LuShrub LuShuffle LuSigma LuSignal
    LuSignalHigh LuSignalLow LuSignalMedium LuSignalZero LuSignature LuSignpost LuSignpostBig
    LuSiren LuSkipBack LuSkipForward LuSkull LuSlack LuSlash LuSlice LuSlidersHorizontal
    LuSlidersVertical LuSmartphone LuSmartphoneCharging LuSmartphoneNfc LuSmile LuSmilePlus LuSnail
    LuSnowflake LuSoapDispenserDroplet LuSofa LuSoup LuSpace LuSpade LuSparkle LuSparkles LuSpeaker
    LuSpeech LuSpellCheck LuSpellCheck2 LuSpline LuSplinePointer LuSplit LuSprayCan LuSprout
    LuSquare LuSquareActivity LuSquareArrowDown LuSquareArrowDownLeft LuSquareArrowDownRight
    LuSquareArrowLeft LuSquareArrowOutDownLeft LuSquareArrowOutDownRight LuSquareArrowOutUpLeft
    LuSquareArrowOutUpRight LuSquareArrowRight LuSquareArrowUp LuSquareArrowUpLeft
    LuSquareArrowUpRight LuSquareAsterisk LuSquareBottomDashedScissors LuSquareChartGantt
    LuSquareCheck LuSquareCheckBig LuSquareChevronDown LuSquareChevronLeft LuSquareChevronRight
    LuSquareChevronUp LuSquareCode LuSquareDashed LuSquareDashedBottom LuSquareDashedBottomCode
    LuSquareDashedKanban LuSquareDashedMousePointer LuSquareDashedTopSolid LuSquareDivide
    LuSquareDot LuSquareEqual LuSquareFunction LuSquareKanban LuSquareLibrary LuSquareM
    LuSquareMenu LuSquareMinus LuSquareMousePointer LuSquareParking LuSquareParkingOff LuSquarePen
    LuSquarePercent LuSquarePi LuSquarePilcrow LuSquarePlay LuSquarePlus LuSquarePower
    LuSquareRadical LuSquareRoundCorner LuSquareScissors LuSquaresExclude LuSquareSigma
    LuSquaresIntersect LuSquareSlash LuSquareSplitHorizontal LuSquareSplitVertical LuSquareSquare
    LuSquaresSubtract LuSquareStack LuSquaresUnite LuSquareTerminal LuSquareUser LuSquareUserRound
    LuSquareX LuSquircle LuSquirrel LuStamp LuStar LuStarHalf LuStarOff LuStepBack LuStepForward
    LuStethoscope LuSticker LuStickyNote LuStore LuStretchHorizontal LuStretchVertical
    LuStrikethrough LuSubscript LuSun LuSunDim LuSunMedium LuSunMoon LuSunrise LuSunset LuSunSnow
    LuSuperscript LuSwatchBook LuSwissFranc LuSwitchCamera LuSword LuSwords LuSyringe LuTable
    LuTable2 LuTableCellsMerge LuTableCellsSplit LuTableColumnsSplit LuTableOfContents
    LuTableProperties LuTableRowsSplit LuTablet LuTablets LuTabletSmartphone LuTag LuTags LuTally1
    LuTally2 LuTally3 LuTally4 LuTally5 LuTangent LuTarget LuTelescope LuTent LuTentTree LuTerminal
    LuTestTube LuTestTubeDiagonal LuTestTubes LuText LuTextCursor LuTextCursorInput LuTextQuote
    LuTextSearch LuTextSelect LuTheater LuThermometer LuThermometerSnowflake LuThermometerSun
    LuThumbsDown LuThumbsUp LuTicket LuTicketCheck LuTicketMinus LuTicketPercent LuTicketPlus
    LuTickets LuTicketSlash LuTicketsPlane LuTicketX LuTimer LuTimerOff LuTimerReset LuToggleLeft
    LuToggleRight LuToilet LuTornado LuTorus LuTouchpad LuTouchpadOff LuTowerControl LuToyBrick
    LuTractor LuTrafficCone LuTrainFront LuTrainFrontTunnel LuTrainTrack LuTramFront LuTransgender
    LuTrash LuTrash2 LuTreeDeciduous LuTreePalm LuTreePine LuTrees LuTrello LuTrendingDown
    LuTrendingUp LuTrendingUpDown LuTriangle LuTriangleAlert LuTriangleDashed LuTriangleRight
    LuTrophy LuTruck LuTruckElectric LuTurtle LuTv LuTvMinimal LuTvMinimalPlay LuTwitch LuTwitter
    LuType LuTypeOutline LuUmbrella LuUmbrellaOff LuUnderline LuUndo LuUndo2 LuUndoDot
    LuUnfoldHorizontal LuUnfoldVertical LuUngroup LuUniversity LuUnlink LuUnlink2 LuUnplug LuUpload
    LuUsb LuUser LuUserCheck LuUserCog LuUserLock LuUserMinus LuUserPen LuUserPlus LuUserRound
    LuUserRoundCheck LuUserRoundCog LuUserRoundMinus LuUserRoundPen LuUserRoundPlus
    LuUserRoundSearch LuUserRoundX LuUsers LuUserSearch LuUsersRound LuUserX LuUtensils
    LuUtensilsCrossed LuUtilityPole LuVariable LuVault LuVegan LuVenetianMask LuVenus
    LuVenusAndMars LuVibrate LuVibrateOff LuVideo LuVideoOff LuVideotape LuView LuVoicemail
    LuVolleyball LuVolume LuVolume1 LuVolume2 LuVolumeOff LuVolumeX LuVote LuWallet LuWalletCards
    LuWalletMinimal LuWallpaper LuWand LuWandSparkles LuWarehouse LuWashingMachine LuWatch LuWaves
    LuWavesLadder LuWaypoints LuWebcam LuWebhook LuWebhookOff LuWeight LuWheat LuWheatOff
    LuWholeWord LuWifi LuWifiHigh LuWifiLow LuWifiOff LuWifiPen LuWifiZero LuWind LuWindArrowDown
    LuWine LuWineOff LuWorkflow LuWorm LuWrapText LuWrench LuX LuYoutube LuZap LuZapOff LuZoomIn
    LuZoomOut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_is_found_by_its_name() {
        assert!(names().len() > 1_000);
        for (name, (_, icon)) in names().iter().zip(ICONS) {
            assert_eq!(find(name).map(|i| i.data), Some(icon.data), "{name}");
        }
        assert!(find("file-text").is_some() && find("fiel-text").is_none());
    }

    #[test]
    fn an_icon_is_drawn_without_style() {
        let mut html = String::new();
        push_svg(&mut html, find("search").unwrap());
        assert!(html.starts_with("<svg class=\"icon\"") && html.ends_with("</svg>"));
        assert!(!html.contains("style="));
    }
}
